// How likely counts are.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// P(Bin(n, share) <= count) for a count below the mean; 1 from there on. 0 <= share <= 1.
double binomial_tail(Index count, Index n, double share);

}  // namespace gossan
