#include "recover/shared/quantile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace gossan {
namespace {

double quantile_in_place(std::vector<double>& values, double q) {
  if (values.empty()) return 0;
  const double place = q * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const auto nth = values.begin() + static_cast<std::ptrdiff_t>(low);
  std::nth_element(values.begin(), nth, values.end());
  if (low + 1 >= values.size()) return *nth;
  const double above = *std::min_element(nth + 1, values.end());
  return *nth + (place - static_cast<double>(low)) * (above - *nth);
}

}  // namespace

double quantile(std::span<const double> values, double q) {
  std::vector<double> copy(values.begin(), values.end());
  return quantile_in_place(copy, q);
}

double quantile_of_magnitudes(std::span<const double> values, double q) {
  std::vector<double> copy(values.size());
  std::transform(values.begin(), values.end(), copy.begin(), [](double v) { return std::abs(v); });
  return quantile_in_place(copy, q);
}

}  // namespace gossan
