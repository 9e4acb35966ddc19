// eta rho^k / ||Q_k||: Ma & Fattahi 2023, eq. 10 and 25. Needs to know neither noise nor corruption: the residuals' signs have a
// size of their own.
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/schedules.hpp"

namespace gossan {

Schedule normalised_geometric(GeometricOptions options, ScheduleContext context) {
  check(options.fields(), "normalised-geometric");
  auto* adjoint = dynamic_cast<AdjointNorm*>(context.objective);
  if (adjoint == nullptr) {
    throw std::invalid_argument(
        "normalised-geometric: needs an objective that knows the norm of its adjoint (a fit to linear measurements)");
  }
  adjoint->expect_adjoint_norm();
  return [options, adjoint](const StepView& at) {
    // Nothing to normalise once the run has diverged; run() will say so.
    if (!std::isfinite(at.f) || !std::isfinite(at.gradient_norm)) return std::numeric_limits<double>::quiet_NaN();
    const double norm = adjoint->adjoint_norm();
    // Every residual is 0: the gradient vanishes too, and any step will do.
    if (norm == 0) return 0.0;
    return options.step * std::pow(options.ratio, static_cast<double>(at.k)) / norm;
  };
}

}  // namespace gossan
