// How many numbers a low-rank matrix has.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// r (rows + cols - r); symmetric, of order rows: r rows - r (r - 1) / 2.
constexpr Index degrees_of_freedom(Index r, Index rows, Index cols, bool symmetric = false) {
  return symmetric ? r * rows - r * (r - 1) / 2 : r * (rows + cols - r);
}

}  // namespace gossan
