// What singular values say of a rank.
#pragma once

#include <cmath>

#include "gossan/matrix.hpp"

namespace gossan {

// The spectral norm of a large rows x cols matrix of N(0, 1) noise.
inline double noise_edge(double rows, double cols) { return std::sqrt(rows) + std::sqrt(cols); }

struct Gap {
  Index rank = 0;    // values before it; 0 where there is none
  double ratio = 0;  // of the last of them to the next
};
// The widest of the first `places` gaps of descending values, the first of equals. Behind the last value comes 0, and no value
// counts for less than `floor`.
Gap widest_gap(const Vector& values, Index places, double floor);

// What rounding leaves where a singular value is 0.
inline double rounding_of(const Vector& values) { return values.size() > 0 ? 1e-12 * values(0) : 0; }

}  // namespace gossan
