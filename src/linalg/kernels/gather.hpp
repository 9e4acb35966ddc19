// Rows of a table picked by index: what a matrix with few observed entries does with its factors. On the calling thread.
#pragma once

#include <cstdint>

#include "gossan/matrix.hpp"

namespace gossan {

// Rows of `length` doubles start `stride` apart.

// out += sum_k w[k] rows[index[k]]
void gather_add(Index count, const std::uint32_t* index, const double* w, const double* rows, Index stride, Index length,
                double* out);
// z[k] = <rows[index[k]], x>
void gather_dots(Index count, const std::uint32_t* index, const double* rows, Index stride, Index length, const double* x,
                 double* z);

}  // namespace gossan
