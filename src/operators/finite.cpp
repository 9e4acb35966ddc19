#include "operators/finite.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"

namespace gossan {

std::optional<Index> first_not_finite(std::span<const double> values) {
  // 0 x is 0 for finite x and NaN for all others.
  const double zero = ordered_sum(static_cast<Index>(values.size()), Index{1} << 16, [values](Index first, Index last) {
    return (Eigen::Map<const Vector>(values.data() + first, last - first) * 0.0).sum();
  });
  if (zero == 0) return std::nullopt;
  return std::find_if(values.begin(), values.end(), [](double a) { return !std::isfinite(a); }) - values.begin();
}

}  // namespace gossan
