// What is done to each column of matrices of few rows, m x n with rows `stride` apart, on the calling thread.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// z_j = sum_i P_ij Q_ij
void column_dots(Index m, Index n, const double* P, const double* Q, Index stride, double* z);
// P_ij *= w_j
void scale_columns(Index m, Index n, const double* w, double* P, Index stride);

}  // namespace gossan
