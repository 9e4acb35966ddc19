// How fast a core can multiply and add at all: the yardstick of every kernel whose data are in its caches.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// `rounds` rounds of independent multiply-adds in registers, x = x by + plus in each. Returns how many additions and
// multiplications that were, and in *sum what became of the numbers, so that no compiler may skip them.
double multiply_adds(Index rounds, double by, double plus, double* sum);
double multiply_adds(Index rounds, float by, float plus, float* sum);

}  // namespace gossan
