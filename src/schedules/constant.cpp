#include "gossan/schedules.hpp"
#include "schedules/step_field.hpp"

namespace gossan {

Fields ConstantOptions::fields() { return {step_field(step, "step length")}; }

Schedule constant(ConstantOptions options, ScheduleContext /*context*/) {
  check(options.fields(), "constant");
  return [eta = options.step](const StepView&) { return eta; };
}

}  // namespace gossan
