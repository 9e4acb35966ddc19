// Points of dense instances, and the probe of them.
#pragma once

#include <cmath>

#include "dense_instance.hpp"

namespace gossan {

inline double absolute_loss(const DenseInstance& data, const Matrix& X) {
  double sum = 0;
  for (Index e = 0; e < data.n(); ++e) sum += std::abs(data.residual(e, X));
  return sum / static_cast<double>(data.n());
}

inline Matrix product_of(const ProbePoint& at) { return at.L * (at.symmetric() ? at.L : at.R).transpose(); }

inline Probe probed(const DenseInstance& data, const ProbePoint& at, ProbeOptions options = {}, const Matrix* truth = nullptr) {
  options.draws = 1;
  options.samples = 20;
  return probe(*data.op, data.y, at, truth, options);
}

inline ProbePoint moved(const ProbePoint& at, const Params& direction, double gamma) {
  ProbePoint there = at;
  there.L += gamma * direction[0].value;
  if (!at.symmetric()) there.R += gamma * direction[1].value;
  return there;
}

}  // namespace gossan
