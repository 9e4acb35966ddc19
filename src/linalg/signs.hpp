// Eigenvectors and singular vectors are known up to sign; the one whose largest entry is positive is chosen.
#pragma once

#include "gossan/linalg.hpp"

namespace gossan {

// -1 where the entry of largest magnitude is negative, else 1.
template <class Column>
double sign_of_largest(const Column& v) {
  Index at = 0;
  v.cwiseAbs().maxCoeff(&at);
  return v(at) < 0 ? -1 : 1;
}

inline Svd with_signs(Svd triplets) {
  for (Index a = 0; a < triplets.s.size(); ++a) {
    const double sign = sign_of_largest(triplets.U.col(a));
    triplets.U.col(a) *= sign;
    triplets.V.col(a) *= sign;
  }
  return triplets;
}

}  // namespace gossan
