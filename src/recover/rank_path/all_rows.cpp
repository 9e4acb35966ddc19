#include "recover/rank_path/all_rows.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

#include "recover/rank_path/reading_blocks.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::rank_paths {
namespace {

constexpr Index rows_at_once = 64;  // whole words of a mask: blocks may write theirs at the same time

// Calls body(strip, i, row) for every row, rows of one strip in order; strips run at the same time.
template <class Body>
Index for_rows(const TableRows& Y, Body body) {
  constexpr Index most_strips = 32;
  const Index strip_rows = rows_at_once * block_count(block_count(Y.rows, rows_at_once), most_strips);
  reading_blocks(Y.rows, strip_rows, [&](Index strip, Index first, Index last) {
    Matrix block;
    for (Index at = first; at < last; at += rows_at_once) {
      block.resize(std::min(rows_at_once, last - at), Y.cols);
      Y.read(at, std::span(block.data(), static_cast<std::size_t>(block.size())));
      for (Index i = 0; i < block.rows(); ++i) body(strip, at + i, block.row(i).data());
    }
  });
  return block_count(Y.rows, strip_rows);
}

// Counts by column, a row of them a strip.
using Counts = Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
constexpr Index strips_at_most = 32;

std::vector<Index> summed(const Counts& counts) {
  std::vector<Index> sums(static_cast<std::size_t>(counts.cols()));
  for (Index j = 0; j < counts.cols(); ++j) sums[static_cast<std::size_t>(j)] = counts.col(j).sum();
  return sums;
}

Index total_of(const std::vector<Index>& counts) {
  Index sum = 0;
  for (const Index each : counts) sum += each;
  return sum;
}

}  // namespace

Observed count_observed(const TableRows& Y) {
  Observed seen;
  seen.rows.assign(static_cast<std::size_t>(Y.rows), 0);
  Counts cols = Counts::Zero(strips_at_most, Y.cols);
  for_rows(Y, [&](Index strip, Index i, const double* y) {
    for (Index j = 0; j < Y.cols; ++j) {
      if (std::isnan(y[j])) continue;
      if (!(std::abs(y[j]) <= robust_pca::largest_number))
        throw std::invalid_argument(
            fmt::format("rpca: entry ({}, {}) is {}, expected a number up to 1e150 in size, or NaN", i, j, y[j]));
      ++seen.rows[static_cast<std::size_t>(i)];
      ++cols(strip, j);
    }
  });
  seen.cols = summed(cols);
  seen.total = total_of(seen.rows);
  return seen;
}

Flagged flag(const TableRows& Y, const Matrix& L, const Matrix& R, double cut) {
  Flagged found;
  found.outliers.assign(static_cast<std::size_t>(Y.rows * Y.cols), false);
  found.rows.assign(static_cast<std::size_t>(Y.rows), 0);
  Counts cols = Counts::Zero(strips_at_most, Y.cols);
  std::vector<double> squares(static_cast<std::size_t>(Y.rows), 0.0);
  for_rows(Y, [&](Index strip, Index i, const double* y) {
    const Vector fit = R * L.row(i).transpose();
    for (Index j = 0; j < Y.cols; ++j) {
      const double residual = y[j] - fit(j);
      if (std::isnan(residual)) continue;
      if (std::abs(residual) <= cut) {
        squares[static_cast<std::size_t>(i)] += residual * residual;
        continue;
      }
      found.outliers[static_cast<std::size_t>(i * Y.cols + j)] = true;
      ++found.rows[static_cast<std::size_t>(i)];
      ++cols(strip, j);
    }
  });
  found.cols = summed(cols);
  found.total = total_of(found.rows);
  for (const double each : squares) found.squares += each;
  return found;
}

}  // namespace gossan::rank_paths
