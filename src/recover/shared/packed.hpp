// Symmetric matrices by their lower triangle, row by row.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

constexpr Index packed(Index k, Index l) { return k * (k + 1) / 2 + l; }  // where (k, l) is, l <= k
constexpr Index packed_size(Index order) { return packed(order, 0); }

}  // namespace gossan
