// What proximal methods share.
#pragma once

#include "gossan/methods.hpp"

namespace gossan {

// The proximal map of the objective's h; nothing where it has none, as h is 0 then.
inline void prox(Objective& objective, Params& theta, double step) {
  if (const auto* composite = dynamic_cast<const Prox*>(&objective)) composite->prox(theta, step);
}

}  // namespace gossan
