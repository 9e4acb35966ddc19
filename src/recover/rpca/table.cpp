#include "recover/rpca/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/shared/holdout.hpp"

namespace gossan::robust_pca {
namespace {

constexpr std::uint64_t holdout_stream = 501, sample_stream = 502;

template <class Body>
void each_fitted(const Lanes& lanes, Index problem, Body body) {
  for (Index k = 0; k < lanes.equations(); ++k) {
    const double y = lanes.at(problem, k);
    if (!std::isnan(y)) body(k, y);
  }
}

std::vector<double> medians(const Lanes& lanes, double where_zero) {
  std::vector<double> all(static_cast<std::size_t>(lanes.problems()));
  parallel_blocks(lanes.problems(), 16, [&](Index, Index first, Index last) {
    std::vector<double> sizes;
    for (Index i = first; i < last; ++i) {
      sizes.clear();
      each_fitted(lanes, i, [&](Index, double y) { sizes.push_back(std::abs(y)); });
      const double middle = median(sizes);
      all[static_cast<std::size_t>(i)] = middle > 0 ? middle : where_zero;
    }
  });
  return all;
}

double median_size(const ObservedTable& table, bool without_zeros) {
  std::vector<double> sizes;
  const auto add = [&](double y) {
    if (y != 0 || !without_zeros) sizes.push_back(std::abs(y));
  };
  for (Index i = 0; i < table.rows(); ++i) each_fitted(table.by_row, i, [&](Index, double y) { add(y); });
  for (const TableEntry& each : table.held_out) add(each.y);
  return median(std::move(sizes));
}

Vector powers(const std::vector<double>& scales) {
  Vector units(static_cast<Index>(scales.size()));
  std::transform(scales.begin(), scales.end(), units.begin(), power_near);
  return units;
}

double spread(std::vector<double> scales) {
  const auto at = [&](double share) {
    const auto k = static_cast<std::ptrdiff_t>(share * static_cast<double>(scales.size() - 1));
    std::nth_element(scales.begin(), scales.begin() + k, scales.end());
    return scales[static_cast<std::size_t>(k)];
  };
  return at(0.95) / at(0.05);
}

void divide(ObservedTable& table, const Vector& row_unit, const Vector& col_unit) {
  for (Index i = 0; i < table.rows(); ++i)
    for (Index j = 0; j < table.cols(); ++j) {
      table.by_row.at(i, j) /= row_unit(i) * col_unit(j);
    }
  for (TableEntry& each : table.held_out) each.y /= row_unit(each.i) * col_unit(each.j);
  table.row_unit.array() *= row_unit.array();
  table.col_unit.array() *= col_unit.array();
}

// A low rank survives any scaling of rows and columns, and powers of two cost no digit. Without it what is exact in a column of
// small numbers could not be told from what is not.
void equilibrate(ObservedTable& table) {
  constexpr double uneven = 30;
  const Vector same_rows = Vector::Ones(table.rows()), same_cols = Vector::Ones(table.cols());
  const std::vector<double> columns = medians(table.by_col, table.scale);
  if (spread(columns) > uneven) {
    divide(table, same_rows, powers(columns));
    table.rescaled = true;
  }
  const double scale = median_size(table, table.zeros >= 0.5);
  const std::vector<double> rows = medians(table.by_row, scale);
  if (spread(rows) > uneven) {
    divide(table, powers(rows), same_cols);
    table.zero_row_unit = power_near(scale);
    table.rescaled = true;
  }
}

void draw_sample(ObservedTable& table, std::uint64_t seed) {
  constexpr double wanted = 6000;
  const Random random(seed, sample_stream);
  const double chance = wanted / static_cast<double>(std::max<Index>(table.count, 1));
  for (Index i = 0; i < table.rows(); ++i)
    each_fitted(table.by_row, i, [&](Index j, double y) {
      if (chance >= 1 || random.uniform(i * table.cols() + j) < chance) table.sample.push_back({i, j, y});
    });
}

}  // namespace

double power_near(double size) { return std::exp2(std::round(std::log2(size))); }

double value_at(const TableFactors& X, Index i, Index j) { return X.L.row(i).dot(X.R.row(j)); }

std::vector<double> sizes_at(const Matrix& L, const Matrix& R, const std::vector<TableEntry>& entries) {
  std::vector<double> sizes(entries.size());
  std::transform(entries.begin(), entries.end(), sizes.begin(),
                 [&](const TableEntry& each) { return std::abs(L.row(each.i).dot(R.row(each.j)) - each.y); });
  return sizes;
}

void ObservedTable::take_held_out() {
  for (const TableEntry& each : held_out) {
    by_row.at(each.i, each.j) = each.y;
    ++row_count[static_cast<std::size_t>(each.i)];
    ++col_count[static_cast<std::size_t>(each.j)];
    ++count;
  }
}

TableCensus take_census(const TableRows& Y) {
  if (Y.rows < 1 || Y.cols < 1)
    throw std::invalid_argument(fmt::format("rpca: the table is {} x {}, expected at least 1 x 1", Y.rows, Y.cols));
  TableCensus census;
  std::vector<Index> in_col(static_cast<std::size_t>(Y.cols));
  each_row(Y, [&](Index i, const double* row) {
    Index in_row = 0;
    for (Index j = 0; j < Y.cols; ++j) {
      if (std::isnan(row[j])) continue;
      if (!(std::abs(row[j]) <= largest_number))
        throw std::invalid_argument(
            fmt::format("rpca: entry ({}, {}) is {}, expected a number of size 1e150 at most, or NaN for none", i, j, row[j]));
      ++in_row;
      ++in_col[static_cast<std::size_t>(j)];
    }
    census.observed += in_row;
    (in_row > 0 ? census.seen_rows : census.unseen_rows).push_back(i);
  });
  for (Index j = 0; j < Y.cols; ++j)
    (in_col[static_cast<std::size_t>(j)] > 0 ? census.seen_cols : census.unseen_cols).push_back(j);
  return census;
}

ObservedTable observe(const TableRows& Y, const TableCensus& census, double holdout, std::uint64_t seed) {
  const auto rows = static_cast<Index>(census.seen_rows.size()), cols = static_cast<Index>(census.seen_cols.size());
  Lanes lanes(rows, cols);
  ObservedTable table{.by_row = lanes, .by_col = lanes.turned()};
  table.rows_of = census.seen_rows;
  table.cols_of = census.seen_cols;
  table.row_unit = Vector::Ones(rows);
  table.col_unit = Vector::Ones(cols);
  table.row_count.resize(static_cast<std::size_t>(rows));
  table.col_count.resize(static_cast<std::size_t>(cols));
  const HoldOut held(holdout, seed, holdout_stream);
  Index zeros = 0, i = 0;
  each_row(Y, [&](Index original, const double* row) {
    if (i == rows || census.seen_rows[static_cast<std::size_t>(i)] != original) return;
    for (Index j = 0; j < cols; ++j) {
      const double y = row[census.seen_cols[static_cast<std::size_t>(j)]];
      if (std::isnan(y)) continue;
      zeros += y == 0 ? 1 : 0;
      if (held(i * cols + j)) {
        table.held_out.push_back({i, j, y});
        continue;
      }
      table.by_row.at(i, j) = y;
      ++table.row_count[static_cast<std::size_t>(i)];
      ++table.col_count[static_cast<std::size_t>(j)];
      ++table.count;
    }
    ++i;
  });
  table.zeros = static_cast<double>(zeros) / static_cast<double>(std::max<Index>(census.observed, 1));
  table.scale = median_size(table, table.zeros >= 0.5);
  if (table.scale > 0) equilibrate(table);
  table.scale = median_size(table, table.zeros >= 0.5);
  table.row_scale = medians(table.by_row, table.scale);
  table.col_scale = medians(table.by_col, table.scale);
  draw_sample(table, seed);
  return table;
}

}  // namespace gossan::robust_pca

namespace gossan {

TableRows table_of(const Matrix& Y) {
  return {Y.rows(), Y.cols(),
          [&Y](Index first, std::span<double> out) { std::copy_n(Y.data() + first * Y.cols(), out.size(), out.data()); }};
}

void each_row(const TableRows& Y, function_ref<void(Index, const double*)> body) {
  constexpr Index numbers = 1 << 16;
  const Index together = std::max<Index>(1, numbers / Y.cols);
  std::vector<double> rows(static_cast<std::size_t>(std::min(together, Y.rows) * Y.cols));
  for (Index first = 0; first < Y.rows; first += together) {
    const Index count = std::min(together, Y.rows - first);
    Y.read(first, std::span(rows).first(static_cast<std::size_t>(count * Y.cols)));
    for (Index i = 0; i < count; ++i) body(first + i, rows.data() + i * Y.cols);
  }
}

}  // namespace gossan
