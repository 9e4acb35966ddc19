#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"

namespace gossan {

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  for (double& each : values) {
    if (std::isnan(each)) each = std::numeric_limits<double>::infinity();
  }
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

}  // namespace gossan
