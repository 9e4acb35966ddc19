// How a descent of `sense` is observed: its gauges, and what they come to.
#pragma once

#include <span>
#include <vector>

#include "gossan/sense.hpp"
#include "gossan/trajectory.hpp"

namespace gossan::sensing {

// A descent as its gauges see it.
struct Observed {
  const Operator& A;
  std::span<const double> y;
  const std::vector<bool>& fitted;
  Model& model;
  const Loss& loss;
  const SenseOptions& options;
  const Factors& start;
};

// Those that have something to say: without a truth (null) the effective rank alone.
std::vector<Gauge> choose_gauges(const Observed& run, const Matrix* truth, Trajectory& trajectory);

// Once answer has its rank and evidence: budget, plateaus, warnings. L, R: the first factors; R is empty where symmetric.
void conclude(const SenseOptions& options, const Matrix& L, const Matrix& R, const Matrix* truth, Sensed& answer);

}  // namespace gossan::sensing
