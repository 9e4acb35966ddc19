// A low-rank matrix in spectral form, and how a matrix is brought to it.
#pragma once

#include "gossan/matrix.hpp"
#include "recover/shared/freedom.hpp"

namespace gossan::sensing {

// X = U diag(s) V^T, s descending and positive, orthonormal columns. Where it is symmetric it is positive semidefinite, and V
// is empty: X = U diag(s) U^T.
struct LowRank {
  Matrix U;
  Vector s;
  Matrix V;
  bool symmetric = false;

  Index rank() const { return s.size(); }
  const Matrix& right() const { return symmetric ? U : V; }
  double freedom() const { return static_cast<double>(degrees_of_freedom(rank(), U.rows(), V.rows(), symmetric)); }
};

LowRank zero(Index rows, Index cols, bool symmetric);

// X = L R^T for the sweeps, both factors of length sqrt(s) as those of `rpca` (balanced), but one and the same where X is
// symmetric, and never without a column.
struct SplitFactors {
  explicit SplitFactors(const LowRank& X);
  const Matrix& left() const { return L; }
  const Matrix& right() const { return symmetric ? L : R; }
  Matrix L, R;
  bool symmetric;
};

// The singular values (positive eigenvalues) of Z above `threshold`, and their vectors; at least `least` and at most `most` of
// them, as far as they are positive; none where Z is not finite. `guess` is about how many there will be.
LowRank leading_part(const Matrix& Z, bool symmetric, double threshold, Index least, Index most, Index guess);

// The best approximation of L R^T of rank r at most; with `symmetric`, of its positive part, L R^T being symmetric.
LowRank truncated(const Matrix& L, const Matrix& R, Index r, bool symmetric);

// The leading r singular values and vectors alone.
LowRank truncated(const LowRank& X, Index r);

}  // namespace gossan::sensing
