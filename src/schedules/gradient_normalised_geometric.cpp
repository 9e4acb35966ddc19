// eta rho^k / ||g_k||: steps of a length that falls geometrically, measured in the method's own metric (Goffin 1977;
// Charisopoulos et al. 2021; for scaled methods Tong, Ma & Chi 2021). The length has the units of theta, or of X where the method
// is scaled.
#include <cmath>

#include "gossan/schedules.hpp"

namespace gossan {

Schedule gradient_normalised_geometric(GeometricOptions options, ScheduleContext /*context*/) {
  check(options.fields(), "gradient-normalised-geometric");
  return [options](const StepView& at) {
    if (at.gradient_norm == 0) return 0.0;
    return options.step * std::pow(options.ratio, static_cast<double>(at.k)) / at.gradient_norm;
  };
}

}  // namespace gossan
