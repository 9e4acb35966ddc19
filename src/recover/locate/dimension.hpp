// Loops over the few coordinates of a point, with the usual dimensions known to the compiler.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan::locating {

// R > 0: the dimension at compile time; R == 0: at run time.
template <int R>
struct Dimension {
  Index run_time;
  constexpr Index size() const { return R > 0 ? R : run_time; }

  double squared_distance(const double* a, const double* b) const {
    double sum = 0;
    for (Index k = 0; k < size(); ++k) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
  }
};

// body(Dimension<R>) for this dimension.
template <class Body>
void with_dimension(Index dimension, Body&& body) {
  switch (dimension) {
    case 1:
      return body(Dimension<1>{dimension});
    case 2:
      return body(Dimension<2>{dimension});
    case 3:
      return body(Dimension<3>{dimension});
    case 4:
      return body(Dimension<4>{dimension});
    case 5:
      return body(Dimension<5>{dimension});
    default:
      return body(Dimension<0>{dimension});
  }
}

}  // namespace gossan::locating
