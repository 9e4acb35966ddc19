#include "recover/complete/mask_features.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"

namespace gossan::completing {
namespace {

Vector degrees(const Grouped& side) {
  Vector d(side.count());
  for (Index a = 0; a < side.count(); ++a) d(a) = 1 + static_cast<double>(side.size(a));
  return d;
}

// y_a = s_a sum over the entries of a of t_b x_b
void scaled_sums(const Grouped& side, const Vector& s, const Vector& t, const Vector& x, Vector& y) {
  const Vector scaled = t.cwiseProduct(x);
  parallel_blocks(side.count(), row_block(side.count()), [&](Index, Index first, Index last) {
    for (Index a = first; a < last; ++a) {
      double sum = 0;
      for (Index k = side.start[static_cast<std::size_t>(a)]; k < side.start[static_cast<std::size_t>(a) + 1]; ++k)
        sum += scaled(side.other[static_cast<std::size_t>(k)]);
      y(a) = s(a) * sum;
    }
  });
}

}  // namespace

Standard standard_of(const Matrix& F) {
  Standard standard{F.colwise().mean(), Vector::Zero(F.cols())};
  for (Index k = 0; k < F.cols(); ++k) {
    const double size = std::sqrt((F.col(k).array() - standard.centre(k)).square().sum() / static_cast<double>(F.rows()));
    if (size > 1e-10 * (1 + F.col(k).cwiseAbs().maxCoeff())) standard.inverse_size(k) = 1 / size;
  }
  return standard;
}

Matrix standardised(const Matrix& F) {
  const Standard standard = standard_of(F);
  return (F.rowwise() - standard.centre.transpose()) * standard.inverse_size.asDiagonal();
}

Features mask_features(const Entries& entries) {
  const Vector row_degree = degrees(entries.by_row), col_degree = degrees(entries.by_col);
  const Vector s = row_degree.cwiseSqrt().cwiseInverse(), t = col_degree.cwiseSqrt().cwiseInverse();
  const Index rows = entries.rows(), cols = entries.cols();
  constexpr Index most = 20;
  Index k = std::min<Index>(most, std::min(rows, cols) / 4);
  if (entries.count() == rows * cols) k = 0;  // nothing is missing: nothing to learn
  Matrix left(rows, k + 1), right(cols, k + 1), by_column = Matrix::Zero(cols, k);
  if (k > 0) {
    try {
      const Svd triplets = truncated_svd(
          rows, cols, [&](const Vector& x, Vector& y) { scaled_sums(entries.by_row, s, t, x, y); },
          [&](const Vector& x, Vector& y) { scaled_sums(entries.by_col, t, s, x, y); }, k);
      left.leftCols(k) = triplets.U;
      right.leftCols(k) = triplets.V;
      // U = D_r^-1/2 B D_c^-1/2 V S^-1
      by_column = t.asDiagonal() * triplets.V * triplets.s.cwiseMax(1e-300).cwiseInverse().asDiagonal();
    } catch (const std::runtime_error&) {  // Lanczos gave up: degrees alone
      left.leftCols(k).setZero();
      right.leftCols(k).setZero();
    }
  }
  left.col(k) = row_degree.array().log();
  right.col(k) = col_degree.array().log();
  const Standard standard = standard_of(left);
  return {standardised(left),
          standardised(right),
          {std::move(by_column), standard.centre, standard.inverse_size, left.colwise().minCoeff(), left.colwise().maxCoeff()}};
}

}  // namespace gossan::completing
