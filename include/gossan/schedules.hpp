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
  Index k = 0;                    // 0, 1, ...
  double f = 0;                   // f(theta_k)
  double gradient_norm = 0;       // dual norm of the gradient in the method's metric: Frobenius for plain methods
  double step = 0;                // eta_k, once decided
  const Params* theta = nullptr;  // theta_k while the schedule decides, theta_{k+1} once the step is taken
};

using Schedule = std::function<double(const StepView&)>;  // eta_k

// What a schedule may ask beside the step; all must outlive it.
struct ScheduleContext {
  // NOLINTNEXTLINE(google-explicit-constructor): most schedules ask the objective alone, or nothing
  ScheduleContext(Objective* objective, Model* model = nullptr, const Matrix* truth = nullptr)
      : objective(objective), model(model), truth(truth) {}
  Objective* objective;
  Model* model;
  const Matrix* truth;  // known to simulations only
};

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

struct OracleOptions {
  double step = 0.1;
  Fields fields();
};

Schedule constant(ConstantOptions options, ScheduleContext context);               // eta
Schedule geometric(GeometricOptions options, ScheduleContext context);             // eta rho^k
Schedule normalised_geometric(GeometricOptions options, ScheduleContext context);  // eta rho^k / ||Q_k||, Ma & Fattahi eq. 10
Schedule gradient_normalised_geometric(GeometricOptions options, ScheduleContext context);  // eta rho^k / ||g_k||
Schedule loss_proportional(LossProportionalOptions options, ScheduleContext context);       // (eta / 2) f(theta_k)
Schedule oracle(OracleOptions options, ScheduleContext context);                            // (eta / 2) ||X(theta_k) - truth||_F
Schedule diminishing(DiminishingOptions options, ScheduleContext context);                  // eta / (k + 1)^power
Schedule polyak(PolyakOptions options, ScheduleContext context);                            // scale (f - f_min) / ||g||^2

const std::vector<Row<Schedule, ScheduleContext>>& schedules();

}  // namespace gossan
