#include "recover/rpca/orthogonal.hpp"

#include <algorithm>
#include <cmath>

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

double quantile(const Vector& values, double share) {
  if (values.size() == 0) return 0;
  Vector sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<Index>(at);
  const Index high = std::min(low + 1, sorted.size() - 1);
  return sorted(low) + (at - static_cast<double>(low)) * (sorted(high) - sorted(low));
}

Matrix only(const Matrix& F, const std::vector<char>& keep) {
  Matrix kept = F;
  for (Index i = 0; i < F.rows(); ++i)
    if (keep[static_cast<std::size_t>(i)] == 0) kept.row(i).setZero();
  return kept;
}

}  // namespace gossan::robust_pca
