// One simulated instance, recovered and judged by its truth.
#pragma once

#include "gossan/plan.hpp"

namespace gossan::planning {

struct Outcome {
  bool success = false;
  bool trusted = false;
  double error = 0;  // |X - truth|_F / |truth|_F
  Status status = Status::converged;
};

Index degrees_of_freedom(const PlanOptions& options);

// Instances are a function of options.seed, n and `trial` alone.
Outcome attempt(const PlanOptions& options, Index n, Index trial, const Watch& watch);

}  // namespace gossan::planning
