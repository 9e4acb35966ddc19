// The size of the honest residuals among others, read without being told how many are honest.
#pragma once

#include <span>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

// All take |residual|s. `freedom`: the numbers that were fitted to them, which shrinks residuals by sqrt(1 - freedom / n).

std::vector<double> sizes_of(std::span<const double> residuals, double offset = 0);  // |residual - offset|
double median_scale(std::vector<double> sizes);  // median / 0.6745: the standard deviation where all are honest

inline constexpr double trimmed_cut = 3;    // in scales: up to it a residual counts as honest
inline constexpr double trimming = 1.0137;  // 1 / the root mean square of N(0, 1) within that

double root_mean_square(std::span<const double> values);           // 0 of none
double share_within(std::span<const double> sizes, double bound);  // 0 of none

// A scale and the |residual| up to which it calls a measurement honest, 3 scales.
struct Trimmed {
  double scale = 0;
  double cut = 0;
};
// From the median down: the root mean square of what is within the cut, until it falls no more. For a run on its way, where the
// bulk is not yet noise.
Trimmed falling_scale(std::span<const double> sizes, double freedom);
// From above to the fixed point of the same map, up or down: for a run that has come to rest, where stopping at the smallest
// value would cut honest residuals off for good.
Trimmed resting_scale(std::span<const double> sizes, double freedom);

}  // namespace gossan
