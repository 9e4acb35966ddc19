// Points from their product.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/probe.hpp"

namespace gossan {
namespace {

constexpr double rank_rounding = 1e-9;  // of the largest singular value

Matrix with_columns(const Matrix& factor, Index columns) {
  Matrix wide = Matrix::Zero(factor.rows(), columns);
  wide.leftCols(factor.cols()) = factor;
  return wide;
}

}  // namespace

ProbePoint factored(const Matrix& X, Index columns) {
  const Svd parts = svd(X);
  const double largest = parts.s.size() == 0 ? 0 : parts.s(0);
  const Index rank = (parts.s.array() > rank_rounding * largest).count();
  if (columns != 0 && columns < rank)
    throw std::invalid_argument(fmt::format("factored: {} columns, expected at least the rank of the matrix, {}", columns, rank));
  const Matrix scaled = parts.U.leftCols(rank) * parts.s.head(rank).cwiseSqrt().asDiagonal();
  const Matrix right = parts.V.leftCols(rank) * parts.s.head(rank).cwiseSqrt().asDiagonal();
  const bool semidefinite = X.rows() == X.cols() && (scaled * scaled.transpose() - X).norm() <= rank_rounding * X.norm();
  const Index kept = std::max<Index>(rank, 1);  // a factor without columns would not tell its shape
  ProbePoint point{with_columns(scaled, kept), semidefinite ? Matrix() : with_columns(right, kept)};
  return widened(std::move(point), columns == 0 ? kept : columns);
}

ProbePoint widened(ProbePoint point, Index columns) {
  if (columns < point.L.cols())
    throw std::invalid_argument(
        fmt::format("widened: {} columns, expected at least the {} that the point has", columns, point.L.cols()));
  const bool symmetric = point.symmetric();
  point.L = with_columns(point.L, columns);
  if (!symmetric) point.R = with_columns(point.R, columns);
  return point;
}

}  // namespace gossan
