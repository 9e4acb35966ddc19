// Regressions of eight rows of a table at a time, all on the same factor: z_k = <F_k, x>, k the equations, x one of eight lanes.
// What fits a low-rank table row by row or column by column, with weights by its own residuals.
//
// Lanes lie side by side: y is equations x 8, x is r x 8. An equation that a lane has not is NaN in y. Equations come in blocks
// of eight, the last one filled up with NaN in y and 0 in F, and a matrix of one row an equation is stored by blocks: its number
// (8 b + k, p) at [8 (b width + p) + k]. All memory starts on a cache line. No result depends on the other lanes.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

inline constexpr Index fit_lanes = 8;  // and the equations of a block

struct LaneFit {
  Index blocks = 0;           // of eight equations
  Index r = 0;                // columns of F
  const double* y = nullptr;  // equations x 8
  const double* F = nullptr;  // by blocks
};

// all: 1; huber: bound / max(bound, |z - y|); trimmed: 1 where |z - y| <= bound, else 0. `bound` is one a lane.
enum class LaneWeight { all, huber, trimmed };

// N (r (r + 1) / 2 x 8) = sum_k w_k F_k F_k^T, its lower triangle row by row, and b (r x 8) = sum_k w_k y_k F_k, with weights by
// the residuals of x. `pairs`: the products F_kp F_kq, q <= p, in the same order, by blocks.
void lane_normals(const LaneFit& fit, LaneWeight weight, const double* bound, const double* x, const double* pairs, double* N,
                  double* b);
// x = (N + (ridge + 1e-12 trace N / r) I)^{-1} b by Cholesky, `ridge` one a lane; N is overwritten. 0 where N and ridge are 0.
void lane_solve(Index r, double* N, const double* b, const double* ridge, double* x);
// out (width x 8) = sum_k clip(y_k - z_k, +-bound) V_k for V of `width` columns, by blocks; returns the sum of the squares of
// what is clipped.
double lane_clipped(const LaneFit& fit, double bound, const double* x, Index width, const double* V, double* out);
// residual (equations x 8) = z - y, NaN where y is.
void lane_residuals(const LaneFit& fit, const double* x, double* residual);

}  // namespace gossan
