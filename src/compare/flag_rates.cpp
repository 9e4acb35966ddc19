#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/compare.hpp"

namespace gossan {
namespace {

double quarter_point(std::span<const double> error) {
  std::vector<double> size(error.begin(), error.end());
  for (double& each : size) each = std::abs(each);
  const auto at = size.begin() + static_cast<std::ptrdiff_t>(size.size() / 4);
  std::nth_element(size.begin(), at, size.end());
  return *at;
}

double honest_spread(std::span<const double> error) {
  double spread = quarter_point(error) / 0.3186;
  constexpr int rounds = 20;
  for (int round = 0; round < rounds; ++round) {
    double sum = 0, count = 0;
    for (const double each : error) {
      if (std::abs(each) > 4 * spread) continue;
      sum += each * each;
      count += 1;
    }
    const double next = std::sqrt(sum / count);  // at least a quarter of the errors count
    const bool stays = std::abs(next - spread) <= 1e-6 * spread;
    spread = next;
    if (stays) break;
  }
  return spread;
}

double share(Index part, Index whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

FlagRates flag_rates(std::span<const double> error, const std::vector<bool>& flagged, double least_tolerance) {
  FlagRates rates;
  rates.tolerance = error.empty() ? least_tolerance : std::max(6 * honest_spread(error), least_tolerance);
  Index wrong_flagged = 0, honest_flagged = 0;
  for (std::size_t e = 0; e < error.size(); ++e) {
    const bool is_wrong = std::abs(error[e]) > rates.tolerance;
    (is_wrong ? rates.wrong : rates.honest) += 1;
    if (flagged[e]) (is_wrong ? wrong_flagged : honest_flagged) += 1;
  }
  rates.wrong_flagged = share(wrong_flagged, rates.wrong);
  rates.honest_flagged = share(honest_flagged, rates.honest);
  return rates;
}

}  // namespace gossan
