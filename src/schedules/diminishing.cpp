#include <cmath>

#include "gossan/schedules.hpp"
#include "schedules/step_field.hpp"

namespace gossan {

Fields DiminishingOptions::fields() {
  return {step_field(step, "first step length"),
          {.name = "power", .value = &power, .help = "steps fall as 1 / (k + 1)^power", .least = 0}};
}

Schedule diminishing(DiminishingOptions options, ScheduleContext /*context*/) {
  check(options.fields(), "diminishing");
  return [options](const StepView& at) { return options.step / std::pow(static_cast<double>(at.k + 1), options.power); };
}

}  // namespace gossan
