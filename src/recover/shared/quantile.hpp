// Quantiles by linear interpolation between the sorted numbers.
#pragma once

#include <cstddef>
#include <span>

#include "gossan/matrix.hpp"

namespace gossan {

double quantile(std::span<const double> values, double q);  // q in [0, 1]; 0 when empty
inline double quantile(const Vector& values, double q) {
  return quantile(std::span<const double>(values.data(), static_cast<std::size_t>(values.size())), q);
}
double quantile_of_magnitudes(std::span<const double> values, double q);

}  // namespace gossan
