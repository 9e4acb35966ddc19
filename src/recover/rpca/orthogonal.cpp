#include "recover/rpca/orthogonal.hpp"

#include <algorithm>

namespace gossan::robust_pca {

Svd singular(const TableFactors& X) {
  if (X.rank() == 0) return {Matrix(X.L.rows(), 0), Vector(0), Matrix(X.R.rows(), 0)};
  return product_svd(X.L, X.R);
}

TableFactors balanced(const Svd& svd, Index rank) {
  const Index kept = std::min(rank, svd.s.size());
  const Vector root = svd.s.head(kept).cwiseSqrt();
  return {svd.U.leftCols(kept) * root.asDiagonal(), svd.V.leftCols(kept) * root.asDiagonal()};
}

Vector leverages(const Matrix& U) { return U.rowwise().squaredNorm(); }

double allowed_leverage(Index rank, Index count) {
  return std::max(0.5, 3 * static_cast<double>(rank) / static_cast<double>(count));
}

Matrix only(const Matrix& F, const std::vector<char>& keep) {
  Matrix kept = F;
  for (Index i = 0; i < F.rows(); ++i)
    if (keep[static_cast<std::size_t>(i)] == 0) kept.row(i).setZero();
  return kept;
}

}  // namespace gossan::robust_pca
