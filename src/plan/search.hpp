// Where to simulate: doubling until all is well, then ever closer to where the share asked for is reached.
#pragma once

#include <vector>

#include "gossan/function_ref.hpp"
#include "plan/trial.hpp"

namespace gossan::planning {

// Outcomes of the trials first .. last-1 with n measurements; none: the search is to stop.
using Simulate = function_ref<std::vector<Outcome>(Index n, Index first, Index last)>;

struct SearchLimits {
  Index first = 1, most = 1;  // measurements
  Index trials = 20;          // a point
  double share = 0.95;
};

struct Searched {
  std::vector<PlanPoint> points;
  bool reached = false;  // a point where more than the share asked for succeeds
  bool stopped = false;
};

Searched search(const SearchLimits& limits, Simulate simulate);

}  // namespace gossan::planning
