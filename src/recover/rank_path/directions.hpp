// What a fit has left in the residuals, clipped so that outliers do not pass for structure.
#pragma once

#include <cstdint>

#include "gossan/matrix.hpp"

namespace gossan::rank_paths {

// clip(Y - L R^T, +-1.5 s), 0 where Y is NaN.
Matrix clipped_residual(const Matrix& Y, const Matrix& L, const Matrix& R, double scale);

struct Directions {
  Matrix U, V;  // residual ~ U V^T, V orthonormal
};
// The k strongest, by block power iteration: good enough to start from.
Directions strongest(const Matrix& C, Index k, std::uint64_t seed);

// How many directions stand out of noise: singular values of C above 1.1 times the norm of noise as large as what is left without
// them, (sqrt m + sqrt n) times its root mean square. `clear`: the last that does is 1.3 times the first that does not, as it is
// of a low-rank matrix in white noise; of real data values fall smoothly. Seen on 512 random columns at most. fitted: the rank
// that C is the residual of.
struct StandingOut {
  Index count = 0;
  bool clear = false;
};
StandingOut standing_out(const Matrix& C, Index fitted, std::uint64_t seed);

}  // namespace gossan::rank_paths
