// Eigenvectors and singular vectors are known up to sign; the one whose largest entry is positive is chosen.
#pragma once

#include "gossan/matrix.hpp"

namespace gossan {

// -1 where the entry of largest magnitude is negative, else 1.
template <class Column>
double sign_of_largest(const Column& v) {
  Index at = 0;
  v.cwiseAbs().maxCoeff(&at);
  return v(at) < 0 ? -1 : 1;
}

}  // namespace gossan
