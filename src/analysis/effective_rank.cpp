#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

// Up to a factor, which an entropy of shares does not feel. Of U U^T from the Gram matrix: values below 1e-8 of the largest are
// lost, nor does it feel these.
Vector scaled_singular_values(const Factors& X) {
  const double left = X.L.stableNorm(), right = X.R.stableNorm();
  if (left == 0 || right == 0) return Vector::Zero(1);
  if (&X.L != &X.R) return product_svd(X.L / left, X.R / right).s;
  return eigenvalues((X.L / left).transpose() * (X.L / left)).cwiseMax(0);
}

}  // namespace

double effective_rank(const Vector& singular_values) {
  const double sum = singular_values.sum();
  if (sum == 0) return 0;
  double entropy = 0;
  for (const double each : singular_values) {
    const double share = each / sum;
    if (share > 0) entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

Gauge effective_rank() {
  return {"Effective rank", {"effective_rank"}, [](const Iterate& /*at*/, const Factors& X, std::span<double> values) {
            values[0] = effective_rank(scaled_singular_values(X));
          }};
}

}  // namespace gossan
