// scale (f - f_min) / ||g||^2, the norm dual to the method's metric: Polyak 1969.
#include <algorithm>
#include <cmath>

#include "gossan/schedules.hpp"

namespace gossan {

Fields PolyakOptions::fields() {
  return {{.name = "f_min", .value = &f_min, .help = "least value of the objective; must be given"},
          {.name = "scale", .value = &scale, .help = "fraction of the Polyak step taken", .least = 0, .above = true}};
}

Schedule polyak(PolyakOptions options, ScheduleContext /*context*/) {
  check(options.fields(), "polyak");
  if (std::isnan(options.f_min)) refuse_without(Need::optimal_value, "polyak");
  return [options](const StepView& at) {
    const double above = std::max(at.f - options.f_min, 0.0);
    return above == 0 || at.gradient_norm == 0 ? 0.0 : options.scale * above / (at.gradient_norm * at.gradient_norm);
  };
}

}  // namespace gossan
