// How well flags tell wrong measurements from honest ones, where the truth is known.
#pragma once

#include <span>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::cli {

struct FlagRates {
  double tolerance = 0;  // a measurement farther from the true value is wrong
  Index wrong = 0, honest = 0;
  double wrong_flagged = 0, honest_flagged = 0;  // shares; NaN where there are none
};

// error: measured - true value. The tolerance is six times the honest spread, which is read from the errors themselves: their 25
// % point over .3186 (its value for N(0, 1)), then the root mean square of what lies within four spreads, until it stays. Nothing
// that was recovered takes part.
FlagRates flag_rates(std::span<const double> error, const std::vector<bool>& flagged, double least_tolerance);

}  // namespace gossan::cli
