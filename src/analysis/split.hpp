// The blocks of a product of factors along and across the true singular vectors.
#pragma once

#include "gossan/linalg.hpp"
#include "gossan/models.hpp"

namespace gossan {

// With X* = U diag(s) V^T: S_L = U^T L and S_R = V^T R, r* x rank; E_L = L - U S_L and E_R = R - V S_R, which stand for the
// blocks across, U_perp^T L and V_perp^T R: they have the same norms and products.
struct SignalSplit {
  SignalSplit(const Factors& X, const Svd& truth)
      : SL(truth.U.transpose() * X.L), SR(truth.V.transpose() * X.R), EL(X.L - truth.U * SL), ER(X.R - truth.V * SR) {}
  Matrix SL, SR, EL, ER;
};

}  // namespace gossan
