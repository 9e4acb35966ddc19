// The unit of a new row, as a fit of rows that differ in size would have chosen it.
#pragma once

#include "gossan/apply.hpp"

namespace gossan {

// A power of two near the median of the row's entries, each divided by the unit of its column; 1 where that is 0, or rows count
// as they are.
double row_unit(const LowRankModel& model, const double* row);

}  // namespace gossan
