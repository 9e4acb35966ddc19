#include "recover/complete/prior.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/complete/posterior.hpp"
#include "recover/shared/packed.hpp"

namespace gossan::completing {

Prior::Prior(const Matrix& F, Index K)
    : ridge_(Vector::Constant(K, static_cast<double>(F.rows()))),
      alpha_(Vector::Constant(K, 5)),
      mean_(Matrix::Zero(F.rows(), K)) {
  // Columns are standardised: the Gram matrix is good enough, and small.
  const Eigenpairs pairs = eigenpairs(F.transpose() * F);
  const Index f = F.cols();
  Index kept = 0;
  while (kept < f && pairs.values(kept) > 1e-10 * std::max(pairs.values(0), 1e-300)) ++kept;
  square_.resize(kept);
  U_.resize(F.rows(), kept);
  basis_.resize(f, kept);
  for (Index k = 0; k < kept; ++k) {
    square_(k) = pairs.values(k);
    basis_.col(k) = pairs.vectors.col(k) / std::sqrt(square_(k));
    U_.col(k) = F * basis_.col(k);
  }
}

void Prior::update(const Posterior& posterior, bool learn) {
  const Matrix P = U_.transpose() * posterior.mean;  // f x K
  const Index f = square_.size(), K = alpha_.size();
  Matrix shrunk(f, K);
  for (Index k = 0; k < K; ++k) {
    double w2 = 0;  // |W_k|^2 as the posterior of W expects it
    for (Index a = 0; a < f; ++a) {
      const double d2 = square_(a), share = d2 / (d2 + ridge_(k));
      shrunk(a, k) = share * P(a, k);
      w2 += shrunk(a, k) * shrunk(a, k) / d2 + 1 / ((d2 + ridge_(k)) * alpha_(k));
    }
    if (f > 0) ridge_(k) = std::clamp(static_cast<double>(f) / std::max(w2 * alpha_(k), 1e-9), 1e-2, 1e6);
  }
  mean_.noalias() = U_ * shrunk;
  if (!learn) return;
  const auto n = static_cast<double>(posterior.mean.rows());
  for (Index k = 0; k < K; ++k) {
    const double spread = (posterior.mean.col(k) - mean_.col(k)).squaredNorm() + posterior.covariance.col(packed(k, k)).sum();
    alpha_(k) = n / std::max(spread, 1e-12);
  }
}

void Prior::rescale(const Vector& d) {
  mean_ = mean_ * d.asDiagonal();
  alpha_ = alpha_.cwiseQuotient(d.cwiseAbs2());
}

Params Prior::state() const { return {{"ridge", ridge_}, {"alpha", alpha_}, {"prior_mean", mean_}}; }

void Prior::restore(const Params& state) {
  ridge_ = state[0].value;
  alpha_ = state[1].value;
  mean_ = state[2].value;
}

}  // namespace gossan::completing
