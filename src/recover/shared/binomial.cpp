#include "recover/shared/binomial.hpp"

#include <cmath>

namespace gossan {

double binomial_tail(Index count, Index n, double share) {
  if (count < 0) return 0;
  const auto k = static_cast<double>(count), N = static_cast<double>(n);
  if (k >= N * share) return 1;
  const double odds = share / (1 - share);
  double term = std::exp(std::lgamma(N + 1) - std::lgamma(k + 1) - std::lgamma(N - k + 1) + k * std::log(share) +
                         (N - k) * std::log1p(-share));
  double sum = 0;
  // Below the mean the terms fall from here on down.
  for (double j = k; j >= 0 && term > 1e-18 * sum; --j) {
    sum += term;
    term *= j / ((N - j + 1) * odds);
  }
  return std::min(sum, 1.0);
}

}  // namespace gossan
