#include <cmath>

#include "gossan/schedules.hpp"
#include "schedules/step_field.hpp"

namespace gossan {

Fields GeometricOptions::fields() {
  return {step_field(step, "first step length"),
          {.name = "ratio",
           .value = &ratio,
           .help = "each step over the one before; step / (1 - ratio) is the whole way the run can go",
           .least = 0,
           .most = 1,
           .above = true}};
}

Schedule geometric(GeometricOptions options, ScheduleContext /*context*/) {
  check(options.fields(), "geometric");
  return [options](const StepView& at) { return options.step * std::pow(options.ratio, static_cast<double>(at.k)); };
}

}  // namespace gossan
