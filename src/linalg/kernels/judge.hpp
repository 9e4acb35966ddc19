// Losses of a block of predictions in one pass: the residual r_e = z_e - y_e, or 0 where y_e is NaN, the sum of the losses, which
// is returned, and in place of z_e the weight, scale times the loss's derivative.
//
// In single precision y is rounded first and each loss is a single, but their sum is double.
#pragma once

#include <span>

namespace gossan {

// |r|, Sign(r) with Sign(0) = 0
double judge_absolute(std::span<float> z, std::span<const double> y, double scale);
double judge_absolute(std::span<double> z, std::span<const double> y, double scale);
// r^2 / 2, r
double judge_squared(std::span<float> z, std::span<const double> y, double scale);
double judge_squared(std::span<double> z, std::span<const double> y, double scale);
// |w| (|r| - |w| / 2), w = r clipped to [-delta, delta]
double judge_huber(std::span<float> z, std::span<const double> y, double scale, double delta);
double judge_huber(std::span<double> z, std::span<const double> y, double scale, double delta);

}  // namespace gossan
