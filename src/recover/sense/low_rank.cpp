#include "recover/sense/low_rank.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include "gossan/linalg.hpp"

namespace gossan::sensing {
namespace {

constexpr Index dense_order = 64;  // up to which all of a spectrum costs no more than its end

// Columns first .. first + k - 1 of a spectrum that is sorted descending; only what is positive.
LowRank kept(const Matrix& U, const Vector& s, const Matrix* V, Index k) {
  k = std::min<Index>(k, (s.array() > 0).count());
  LowRank X;
  X.symmetric = V == nullptr;
  X.U = U.leftCols(k);
  X.s = s.head(k);
  if (V != nullptr) X.V = V->leftCols(k);
  return X;
}

// How many of the descending values are kept.
Index count_above(const Vector& s, double threshold, Index least, Index most) {
  return std::clamp<Index>((s.array() > threshold).count(), std::min(least, most), most);
}

LowRank leading_part_dense(const Matrix& Z, bool symmetric, double threshold, Index least, Index most) {
  if (!Z.allFinite()) return zero(Z.rows(), Z.cols(), symmetric);
  if (symmetric) {
    const Eigenpairs all = eigenpairs(Z);
    return kept(all.vectors, all.values, nullptr, count_above(all.values, threshold, least, most));
  }
  const Svd all = svd(Z);
  return kept(all.U, all.s, &all.V, count_above(all.s, threshold, least, most));
}

// Lanczos for ever more of the spectrum, until it holds all above the threshold; nothing where that is most of it.
std::optional<LowRank> leading_part_by_products(const Matrix& Z, bool symmetric, double threshold, Index least, Index most,
                                                Index guess) {
  const Index order = std::min(Z.rows(), Z.cols());
  constexpr Index spare = 2;
  for (Index k = std::max(guess, least) + spare; 2 * k < order; k *= 2) {
    if (symmetric) {
      const Eigenpairs pairs = eigenpairs(
          order, [&](const Vector& x, Vector& y) { y.noalias() = Z * x; }, k);
      if (pairs.values(k - 1) > threshold) continue;
      return kept(pairs.vectors, pairs.values, nullptr, count_above(pairs.values, threshold, least, most));
    }
    const Svd triplets = truncated_svd(
        Z.rows(), Z.cols(), [&](const Vector& x, Vector& y) { y.noalias() = Z * x; },
        [&](const Vector& x, Vector& y) { y.noalias() = Z.transpose() * x; }, k);
    if (triplets.s(k - 1) > threshold) continue;
    return kept(triplets.U, triplets.s, &triplets.V, count_above(triplets.s, threshold, least, most));
  }
  return std::nullopt;
}

}  // namespace

LowRank zero(Index rows, Index cols, bool symmetric) {
  return {Matrix::Zero(rows, 0), Vector(0), symmetric ? Matrix() : Matrix::Zero(cols, 0), symmetric};
}

SplitFactors::SplitFactors(const LowRank& X) : symmetric(X.symmetric) {
  if (X.rank() == 0) {  // sweeps want a column
    L = Matrix::Zero(X.U.rows(), 1);
    if (!symmetric) R = Matrix::Zero(X.V.rows(), 1);
    return;
  }
  const Vector root = X.s.cwiseSqrt();
  L = X.U * root.asDiagonal();
  if (!symmetric) R = X.V * root.asDiagonal();
}

LowRank leading_part(const Matrix& Z, bool symmetric, double threshold, Index least, Index most, Index guess) {
  const Index order = std::min(Z.rows(), Z.cols());
  most = std::min(most, order);
  if (order > dense_order && Z.allFinite()) {
    try {
      if (auto found = leading_part_by_products(Z, symmetric, threshold, least, most, guess)) return *std::move(found);
    } catch (const std::runtime_error&) {  // Lanczos did not converge
    }
  }
  return leading_part_dense(Z, symmetric, threshold, least, most);
}

LowRank truncated(const Matrix& L, const Matrix& R, Index r, bool symmetric) {
  if (!symmetric) {
    if (!std::isfinite(L.norm() * R.norm())) return zero(L.rows(), R.rows(), false);
    const Svd all = product_svd(L, R);
    return kept(all.U, all.s, &all.V, r);
  }
  const Matrix Q = orthonormal(L);
  const Matrix small = (Q.transpose() * L) * (R.transpose() * Q);
  LowRank X = leading_part_dense(0.5 * (small + small.transpose()), true, 0, 0, r);
  X.U = Q * X.U;
  return X;
}

LowRank truncated(const LowRank& X, Index r) { return kept(X.U, X.s, X.symmetric ? nullptr : &X.V, r); }

}  // namespace gossan::sensing
