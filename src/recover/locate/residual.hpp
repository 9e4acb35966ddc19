// Residuals of a map and their honest scale.
#pragma once

#include <span>
#include <vector>

#include "recover/locate/graph.hpp"

namespace gossan::locating {

// Tukey's constant: cut at 4.685 standard deviations for 95 % efficiency on Gaussian noise.
inline constexpr double kTukey = 4.685;
// A pair whose residual is within this many noise scales agrees with the map.
inline constexpr double kConsistent = 4.0;

// Noise law: the standard deviation of pair e is scale * unit_e. Constant noise: all units 1; proportional noise: the distance
// over the median distance, floored at 3 % because small distances would otherwise carry all the weight.
enum class Law { constant, proportional };
std::vector<double> units(const Graph& graph, Law law);

// residual_e = (|v_i - v_j| - d_e) / unit_e
void residuals(const Graph& graph, const Matrix& V, std::span<const double> unit, std::span<double> residual);

// Standard deviation of the honest residuals among lies: from the 25 % point of |r|, then rms within 3 scales with the background
// of lies, estimated from the count in (3, 6] scales, taken off; it neither grows with the lies nor collapses onto a few exact
// fits. What fitting takes from residuals is accounted for where the scales of maps are compared (clean_scale of `rpca` does so
// itself).
double honest_scale(std::span<const double> residual, double floor);

// Which pairs agree with the map: |r| <= kConsistent * scale.
std::vector<bool> consistent(std::span<const double> residual, double scale);

}  // namespace gossan::locating
