// (eta / 2) f(theta_k): Ma & Fattahi 2023, Theorem 22. For clean data the absolute loss measures ||X - X*||_F, and falls to 0
// with it.
#include "gossan/schedules.hpp"
#include "schedules/step_field.hpp"

namespace gossan {

Fields LossProportionalOptions::fields() { return {step_field(step, "step length is half of this times the loss")}; }

Schedule loss_proportional(LossProportionalOptions options, ScheduleContext /*context*/) {
  check(options.fields(), "loss-proportional");
  return [eta = options.step](const StepView& at) { return eta / 2 * at.f; };
}

}  // namespace gossan
