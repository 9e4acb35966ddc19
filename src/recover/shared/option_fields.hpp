// Options that recoveries have in common, and options as choices.
#pragma once

#include <string>

#include "gossan/options.hpp"

namespace gossan {

Field holdout_field(double* value, const std::string& what, double least = 0);  // share of `what` kept back, half at most

// Appends every option with its value: to the choices of an answer, or to what a saved run depends on.
void append_values(Settings& list, const Fields& fields);

}  // namespace gossan
