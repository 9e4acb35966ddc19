// Which entries are kept out of a fit, to judge it, and how much wider than the fitted ones they may be.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gossan/random.hpp"

namespace gossan {

// Where the data are many: entry e is held out where its own coin says so, whatever the others are, so that blocks of a table may
// be read in any order. `stream` keeps the coins apart from the recovery's other random numbers.
class HoldOut {
 public:
  HoldOut(double share, std::uint64_t seed, std::uint64_t stream) : share_(share), coin_(seed, stream) {}
  bool operator()(Index e) const { return coin_.uniform(e) < share_; }

 private:
  double share_;
  Random coin_;
};

// Where they may be few: marks all but an exact share, `least` of them where that is more; one at least stays fitted.
inline std::vector<bool> choose_fitted(Index n, double holdout, std::uint64_t seed, Index least = 0) {
  const auto wanted = std::max(least, static_cast<Index>(std::llround(holdout * static_cast<double>(n))));
  const std::vector<Index> order = permutation(n, Random(seed, 301));
  std::vector<bool> fitted(static_cast<std::size_t>(n), true);
  for (Index e = 0; e < std::min(wanted, n - 1); ++e)
    fitted[static_cast<std::size_t>(order[static_cast<std::size_t>(e)])] = false;
  return fitted;
}

// The share of n entries that p numbers fitted to them take up, p / n, as far as anything is left to judge by.
inline double fitted_share(double numbers, double entries) {
  constexpr double most = 0.8;
  return std::min(most, numbers / std::max(entries, 1.0));
}

// Honest residuals of the fitted are narrower by sqrt(1 - p / n), those of others wider by sqrt(1 + p / n): these over those.
inline double widening(double share) { return std::sqrt((1 + share) / (1 - share)); }

// Over sqrt(h): the relative standard error of a median of h sizes of normal residuals.
inline constexpr double median_error = 1.17;

}  // namespace gossan
