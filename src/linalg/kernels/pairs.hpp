// Differences of rows of factors over pairs of points, on the calling thread. Factors are row-major with r columns.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

struct Touch {
  Index measurement;
  Index other;  // the index at the measurement's other end
};

// z_e = <L_i - L_j, R_i - R_j> for the pairs (i[e], j[e]).
void difference_dots(Index count, const Index* i, const Index* j, const double* L, const double* R, Index r, double* z);

// g = sum over the touches of a point of w_measurement (f - F_other), f the point's own row of F.
void sum_differences(Index count, const Touch* touches, const double* w, const double* f, const double* F, Index r, double* g);

}  // namespace gossan
