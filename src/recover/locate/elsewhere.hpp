// Places that a point could have as well, and where descent cannot get to: the other side of the hyperplane of its neighbours, on
// which it fits almost as well, and the best of many multilaterations from all of them.
#pragma once

#include "recover/locate/finish.hpp"

namespace gossan::locating {

struct Elsewhere {
  Index moved = 0;              // points that fit better in another place, put there
  std::vector<bool> ambiguous;  // points whose places the pairs cannot tell apart
};

// For every point, every other place is refined and compared with the present one by the log-likelihood of the point's distances
// under the fit's law. A difference below 5 nats (odds of 150 to 1) leaves the place open. Ends early when the driver is told to.
Elsewhere try_elsewhere(const Graph& graph, Fit& fit, std::uint64_t seed, Driver& driver);

}  // namespace gossan::locating
