#include "recover/shared/spectrum.hpp"

#include <algorithm>

namespace gossan {

Gap widest_gap(const Vector& values, Index places, double floor) {
  Gap widest;
  for (Index k = 0; k < places; ++k) {
    const double next = k + 1 < values.size() ? values(k + 1) : 0.0;
    const double ratio = values(k) / std::max(next, floor);
    if (ratio > widest.ratio) widest = {k + 1, ratio};
  }
  return widest;
}

}  // namespace gossan
