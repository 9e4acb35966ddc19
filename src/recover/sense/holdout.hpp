// Which measurements are kept out of a fit, to judge it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "gossan/random.hpp"

namespace gossan::sensing {

// Marks all but a random share of the measurements, `least` of them where that is more; one at least stays fitted.
inline std::vector<bool> choose_fitted(Index n, double holdout, std::uint64_t seed, Index least = 0) {
  const auto wanted = std::max(least, static_cast<Index>(std::llround(holdout * static_cast<double>(n))));
  const std::vector<Index> order = permutation(n, Random(seed, 301));
  std::vector<bool> fitted(static_cast<std::size_t>(n), true);
  for (Index e = 0; e < std::min(wanted, n - 1); ++e)
    fitted[static_cast<std::size_t>(order[static_cast<std::size_t>(e)])] = false;
  return fitted;
}

}  // namespace gossan::sensing
