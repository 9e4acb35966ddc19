// Laying recovered points over true ones: points known up to rotation, reflection and translation have no error before that.
#pragma once

#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::cli {

struct RigidMotion {
  Matrix Q;  // dimension x dimension, orthogonal, reflections included
  Vector t;  // x -> Q x + t
};

// x of every row moved: N x dimension.
Matrix moved(const RigidMotion& motion, const Matrix& points);

// The motion that takes the rows of `from` to those of `to` (both N x dimension, N >= 1): least squares (Kabsch 1976) on the half
// of the rows that agrees best, then on all rows within four of its scales, so that wrong points do not bend the frame.
RigidMotion align(const Matrix& from, const Matrix& to);

}  // namespace gossan::cli
