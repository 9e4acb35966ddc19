#include "recover/rank_path/huber_sweeps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/random.hpp"
#include "recover/rank_path/reading_blocks.hpp"
#include "recover/shared/packed.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::rank_paths {
namespace {

constexpr Index block_rows = 64;  // whole words of a mask: blocks may write theirs at the same time
constexpr Index most_strips = 32;
constexpr double scale_sample = 1e5;

Matrix products_of_columns(const Matrix& R) {
  Matrix pairs(R.rows(), packed_size(R.cols()));
  for (Index a = 0, at = 0; a < R.cols(); ++a)
    for (Index b = 0; b <= a; ++b, ++at) pairs.col(at) = R.col(a).cwiseProduct(R.col(b));
  return pairs;
}

// Residuals Y - E in place of the predictions E, and weights of those that were observed (seen: 1, else 0).
void residuals_and_weights(const Matrix& Y, const Matrix& seen, Matrix& E, Matrix& W, Weights weights, double scale) {
  // Of exact data s is 0 in the end, and only what fits exactly counts.
  const double bound =
      std::max((weights == Weights::huber ? huber_clip : trimmed_clip) * scale, std::numeric_limits<double>::min());
  const double *const y = Y.data(), *const o = seen.data();
  double *const e = E.data(), *const w = W.data();
  const Index size = Y.size();
  if (weights == Weights::huber) {
    for (Index k = 0; k < size; ++k) {
      e[k] = y[k] - e[k];
      w[k] = o[k] * bound / std::max(bound, std::abs(e[k]));
    }
  } else {
    for (Index k = 0; k < size; ++k) {
      e[k] = y[k] - e[k];
      w[k] = std::abs(e[k]) <= bound ? o[k] : 0.0;
    }
  }
}

// Some hundred thousand entries at random, the same number in each row: their columns.
std::vector<std::int32_t> sample_columns(const TableRows& Y, Index a_row, std::uint64_t seed) {
  std::vector<std::int32_t> columns(static_cast<std::size_t>(Y.rows * a_row));
  const Random random(seed, 511);
  parallel_blocks(Y.rows, block_rows, [&](Index, Index first, Index last) {
    for (Index at = first * a_row; at < last * a_row; ++at)
      columns[static_cast<std::size_t>(at)] = static_cast<std::int32_t>(a_row == Y.cols ? at % Y.cols : random.below(at, Y.cols));
  });
  return columns;
}

Index sampled_in_a_row(const TableRows& Y) {
  return std::min(Y.cols, static_cast<Index>(std::ceil(scale_sample / static_cast<double>(std::max<Index>(Y.rows, 1)))));
}

}  // namespace

void solve_packed(double* G, double* b, Index r) {
  constexpr double ridge = 1e-9, nothing = 1e-12;
  double largest = 0;
  for (Index a = 0; a < r; ++a) largest = std::max(largest, G[packed(a, a)]);
  // Cholesky; a direction without a pivot takes no part, where that of posteriors (complete/posterior.cpp) refuses the matrix.
  for (Index a = 0; a < r; ++a) {
    double* const row = G + packed_size(a);
    for (Index c = 0; c <= a; ++c) {
      const double* const other = G + packed_size(c);
      double sum = row[c];
      for (Index k = 0; k < c; ++k) sum -= row[k] * other[k];
      if (c < a) {
        row[c] = other[c] > 0 ? sum / other[c] : 0;
      } else {
        row[a] = sum > nothing * largest ? std::sqrt(sum + ridge * row[a]) : 0;
      }
    }
  }
  for (Index a = 0; a < r; ++a) {
    const double* const row = G + packed_size(a);
    for (Index k = 0; k < a; ++k) b[a] -= row[k] * b[k];
    b[a] = row[a] > 0 ? b[a] / row[a] : 0;
  }
  for (Index a = r - 1; a >= 0; --a) {
    for (Index k = a + 1; k < r; ++k) b[a] -= G[packed(k, a)] * b[k];
    const double pivot = G[packed(a, a)];
    b[a] = pivot > 0 ? b[a] / pivot : 0;
  }
}

// What one strip of rows adds to the columns' equations, and its room.
struct HuberSweeps::Sums {
  Matrix gram, right;              // packed_size(r) x n and r x n
  Matrix Y, seen, E, W, G, b, LL;  // of a block
};

HuberSweeps::HuberSweeps(const TableRows& Y, Matrix L, Matrix R, double scale, std::uint64_t seed)
    : Y_(Y), L_(std::move(L)), R_(std::move(R)), scale_(scale) {
  sampled_ = sampled_in_a_row(Y);
  sample_columns_ = sample_columns(Y, sampled_, seed);
  sample_.resize(static_cast<std::size_t>(Y.rows * sampled_));
}

HuberSweeps::HuberSweeps(const TableRows& Y, const Matrix& R, double scale, double widest, std::uint64_t seed)
    : HuberSweeps(Y, Matrix::Zero(Y.rows, R.cols()), R, scale, seed) {
  widest_ = std::max(widest, std::numeric_limits<double>::min());
}

void HuberSweeps::restore(const Params& state) {
  L_ = state.at(0).value;
  R_ = state.at(1).value;
}

void HuberSweeps::sweep_block(Index first, Index last, Sums& sums) {
  const Index rows = last - first, n = Y_.cols, r = R_.cols(), t = packed_size(r);
  sums.Y.resize(rows, n);
  sums.E.resize(rows, n);
  sums.W.resize(rows, n);
  Y_.read(first, std::span(sums.Y.data(), static_cast<std::size_t>(rows * n)));
  sums.seen.resize(rows, n);
  for (Index k = 0; k < rows * n; ++k) {
    double& y = sums.Y.data()[k];
    const bool none = std::isnan(y);
    sums.seen.data()[k] = none ? 0.0 : 1.0;
    y = none ? 0.0 : y;
  }
  const auto weigh = [&](double scale) {
    sums.E.noalias() = L_.middleRows(first, rows) * R_.transpose();
    residuals_and_weights(sums.Y, sums.seen, sums.E, sums.W, weights_, scale);
  };
  // Returns how far the farthest row moved, as the norm of its change.
  const auto solve_rows = [&] {
    sums.G.noalias() = sums.W * pairs_;
    sums.b.noalias() = sums.W.cwiseProduct(sums.Y) * R_;
    for (Index i = 0; i < rows; ++i) solve_packed(sums.G.row(i).data(), sums.b.row(i).data(), r);
    const double moved = (sums.b - L_.middleRows(first, rows)).rowwise().norm().maxCoeff();
    L_.middleRows(first, rows) = sums.b;
    return moved;
  };
  sums.G.resize(rows, t);
  sums.b.resize(rows, r);
  if (widest_ > 0) {
    constexpr Index most_rounds = 40;
    constexpr double falls_to = 0.4, at_rest = 0.02;  // of s, as a root mean square over the row
    sums.W = sums.seen;
    solve_rows();
    double scale = std::max(scale_, widest_);
    for (Index round = 0; round < most_rounds; ++round) {
      scale = std::max(scale_, falls_to * scale);
      weigh(scale);
      const double moved = solve_rows();
      if (scale <= scale_ && moved <= at_rest * scale_ * std::sqrt(static_cast<double>(n))) break;
    }
  } else {
    weigh(scale_);
    solve_rows();
  }
  weigh(scale_);
  for (Index i = 0; i < rows; ++i) {
    const bool empty = sums.Y.row(i).isZero(0);  // a black bar of a picture tells nothing of the noise
    for (Index at = (first + i) * sampled_; at < (first + i + 1) * sampled_; ++at) {
      const Index j = sample_columns_[static_cast<std::size_t>(at)];
      sample_[static_cast<std::size_t>(at)] = empty || sums.seen(i, j) == 0 ? -1 : std::abs(sums.E(i, j));
    }
  }
  sums.LL.resize(rows, t);
  for (Index a = 0, at = 0; a < r; ++a)
    for (Index b = 0; b <= a; ++b, ++at)
      sums.LL.col(at) = L_.col(a).segment(first, rows).cwiseProduct(L_.col(b).segment(first, rows));
  sums.gram.noalias() += sums.LL.transpose() * sums.W;
  sums.right.noalias() += L_.middleRows(first, rows).transpose() * sums.W.cwiseProduct(sums.Y);
}

void HuberSweeps::solve_columns(const std::vector<Sums>& strips) {
  const Index r = R_.cols(), t = packed_size(r);
  constexpr Index block = 64;
  parallel_blocks(Y_.cols, block, [&](Index, Index first, Index last) {
    std::vector<double> G(static_cast<std::size_t>(t)), b(static_cast<std::size_t>(r));
    for (Index j = first; j < last; ++j) {
      std::fill(G.begin(), G.end(), 0.0);
      std::fill(b.begin(), b.end(), 0.0);
      for (const Sums& strip : strips) {
        for (Index at = 0; at < t; ++at) G[static_cast<std::size_t>(at)] += strip.gram(at, j);
        for (Index a = 0; a < r; ++a) b[static_cast<std::size_t>(a)] += strip.right(a, j);
      }
      solve_packed(G.data(), b.data(), r);
      for (Index a = 0; a < r; ++a) R_(j, a) = b[static_cast<std::size_t>(a)];
    }
  });
}

std::vector<double> HuberSweeps::sampled_sizes() const {
  std::vector<double> seen;
  seen.reserve(sample_.size());
  for (const double each : sample_)
    if (each >= 0) seen.push_back(each);
  return seen;
}

Iterate HuberSweeps::step() {
  const Index m = Y_.rows, n = Y_.cols, r = R_.cols();
  // Orthogonal columns of both, so that the regressions are well conditioned: R orthonormal, L of the singular values' lengths.
  if (widest_ > 0) {
    R_ = product_svd(R_, Matrix::Identity(r, r)).U;
  } else if (const Svd X = product_svd(L_, R_); X.s.size() == r) {
    L_ = X.U * X.s.asDiagonal();
    R_ = X.V;
  }
  pairs_ = products_of_columns(R_);
  const Matrix before = R_;
  const Index strip_rows = block_rows * block_count(block_count(m, block_rows), most_strips);
  std::vector<Sums> strips(static_cast<std::size_t>(block_count(m, strip_rows)));
  reading_blocks(m, strip_rows, [&](Index strip, Index first, Index last) {
    Sums& sums = strips[static_cast<std::size_t>(strip)];
    sums.gram = Matrix::Zero(packed_size(r), n);
    sums.right = Matrix::Zero(r, n);
    for (Index at = first; at < last; at += block_rows) sweep_block(at, std::min(at + block_rows, last), sums);
  });
  solve_columns(strips);
  const double used = scale_;
  scale_ = median_scale(sampled_sizes());
  fall_ = used > 0 ? scale_ / used : 1;
  theta_ = state();
  widest_ = 0;
  const double size = R_.norm();
  return {.k = ++k_, .f = used, .change = size > 0 ? (R_ - before).norm() / size : 0, .theta = &theta_};
}

double table_scale(const TableRows& Y, const Matrix& L, const Matrix& R, std::uint64_t seed) {
  const Index n = Y.cols, sampled = sampled_in_a_row(Y);
  const std::vector<std::int32_t> columns = sample_columns(Y, sampled, seed);
  std::vector<double> sizes(columns.size(), -1.0);
  reading_blocks(Y.rows, block_rows, [&](Index, Index first, Index last) {
    Matrix block(last - first, n);
    Y.read(first, std::span(block.data(), static_cast<std::size_t>(block.size())));
    for (Index i = first; i < last; ++i)
      for (Index at = i * sampled; at < (i + 1) * sampled; ++at) {
        const Index j = columns[static_cast<std::size_t>(at)];
        const double y = block(i - first, j);
        if (!std::isnan(y)) sizes[static_cast<std::size_t>(at)] = std::abs(y - L.row(i).dot(R.row(j)));
      }
  });
  std::vector<double> seen;
  for (const double each : sizes)
    if (each >= 0) seen.push_back(each);
  return median_scale(std::move(seen));
}

}  // namespace gossan::rank_paths
