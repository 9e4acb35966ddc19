// Schedules: the step length at an iterate.
#pragma once

#include <functional>
#include <limits>
#include <vector>

#include "gossan/objectives.hpp"
#include "gossan/table.hpp"

namespace gossan {

// What a schedule decides from, and what a method reports of its step.
struct StepView {
  Index k = 0;               // 0, 1, ...
  double f = 0;              // f(theta_k)
  double gradient_norm = 0;  // dual norm of the gradient in the method's metric: Frobenius for plain methods
  double step = 0;           // eta_k, once decided
};

using Schedule = std::function<double(const StepView&)>;  // eta_k

struct ConstantOptions {
  double step = 0.01;
  Fields fields();
};
struct GeometricOptions {
  double step = 0.5, ratio = 0.99;
  Fields fields();
};
struct LossProportionalOptions {
  double step = 0.1;
  Fields fields();
};
struct DiminishingOptions {
  double step = 0.1, power = 0.5;
  Fields fields();
};
struct PolyakOptions {
  double f_min = std::numeric_limits<double>::quiet_NaN(), scale = 1.0;
  Fields fields();
};

// The factories take the objective because the normalised rule asks it for ||Q||; the others ignore it.
Schedule constant(ConstantOptions options, Objective* objective);                   // eta
Schedule geometric(GeometricOptions options, Objective* objective);                 // eta rho^k
Schedule normalised_geometric(GeometricOptions options, Objective* objective);      // eta rho^k / ||Q_k||, Ma & Fattahi eq. 10
Schedule loss_proportional(LossProportionalOptions options, Objective* objective);  // (eta / 2) f(theta_k)
Schedule diminishing(DiminishingOptions options, Objective* objective);             // eta / (k + 1)^power
Schedule polyak(PolyakOptions options, Objective* objective);                       // scale (f - f_min) / ||g||^2

const std::vector<Row<Schedule, Objective*>>& schedules();

}  // namespace gossan
