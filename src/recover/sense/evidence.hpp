// The checks of `sense` and the verdict drawn from them.
#pragma once

#include <span>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/operators.hpp"
#include "gossan/sense.hpp"
#include "recover/sense/tuning_free.hpp"

namespace gossan::sensing {

inline constexpr double clear_gap = 5;  // between singular values, for the rank to be read with confidence

inline constexpr const char* structure_check = "no structure is left in the residuals";

// What the checks look at.
struct Findings {
  const Operator& A;
  std::span<const double> y;
  const std::vector<bool>& fitted;
  const Sensed& answer;  // complete but for the evidence
  double data_scale = 0;
  double rank_gap = 0;
  double last_change = 0;
  std::uint64_t seed = 0;
};
Evidence weigh(const Findings& found);

// The same for the tuning-free recovery: `found.answer` has what `free` found.
Evidence weigh(const Findings& found, const TuningFree& free);

}  // namespace gossan::sensing
