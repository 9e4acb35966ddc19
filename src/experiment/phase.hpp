// The low-rank phase of a run: what Phase says, read at the steps of its course.
#pragma once

#include "experiment/problem.hpp"
#include "gossan/experiment.hpp"
#include "gossan/linalg.hpp"
#include "gossan/models.hpp"

namespace gossan::experiments {

class PhaseWatch {
 public:
  PhaseWatch(const PhaseOptions& options, const Matrix& truth);
  // The iterate after k steps; adds to the trial's course and phase. Costs a singular value decomposition of X.
  void see(Index k, const Factors& X, Trial& trial) const;

 private:
  PhaseOptions options_;
  Svd truth_;
};

}  // namespace gossan::experiments
