// The unit of a new row, as a fit of rows that differ in size would have chosen it.
#pragma once

#include "gossan/apply.hpp"

namespace gossan {

// A power of two near the median of the row's entries, each divided by the unit of its column, or the model's where that is 0; 1
// where rows count as they are.
double row_unit(const LowRankModel& model, const double* row);

}  // namespace gossan
