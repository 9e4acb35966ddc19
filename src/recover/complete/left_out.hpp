// Entries as all others predict them, and what that says of their honesty.
#pragma once

#include <cstdint>
#include <vector>

#include "recover/complete/ordinal.hpp"
#include "recover/complete/predictions.hpp"
#include "recover/complete/recipes.hpp"

namespace gossan::completing {

// What values are, given the predictions of the bilinear part.
struct NoiseLaw {
  bool ordinal = false;
  double mu = 0, variance = 1, nu = 5;  // student-t
  Scale scale = {};                     // ordinal
};

// Number of the level of each entry, row order.
std::vector<std::uint8_t> levels_of(const Entries& entries, const Levels& levels);

struct LeftOut {
  std::vector<double> score;  // N, row order: predictions by all others, in units of the noise
  double unknowns = 0;        // how many the entries settle: the sum of their shares in their own predictions
};
// level: of the entries, row order; student-t has no use for it.
LeftOut leave_out(const Entries& entries, const Predictions& all, const std::vector<std::uint8_t>& level, const NoiseLaw& law);

}  // namespace gossan::completing
