// A linear combination of the rows of a small matrix: what forms X = L R^T and the gradients of its factors, row by row.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// Vectors may be read to their end: the memory after the last row needs so many more numbers.
constexpr Index combine_slack = 8;

// out[j] = sum_k c[k] rows[k stride + j] for 0 <= j < n.
void combine(const double* c, Index terms, const double* rows, Index stride, Index n, double* out);

}  // namespace gossan
