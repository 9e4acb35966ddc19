// A point whose neighbours lie nearly in a hyperplane fits almost as well on the other side of it. Descent cannot cross; this
// looks.
#pragma once

#include "recover/locate/finish.hpp"

namespace gossan::locating {

struct Mirrored {
  Index moved = 0;              // points that fit better on the other side, put there
  std::vector<bool> ambiguous;  // points whose two sides the pairs cannot tell apart
};

// For every point: its reflection in the hyperplane that fits its consistent neighbours best, refined, is compared with its place
// by the log-likelihood of its distances under the fit's law. A difference below 5 nats (odds of 150 to 1) leaves the side open.
Mirrored try_mirrors(const Graph& graph, Fit& fit);

}  // namespace gossan::locating
