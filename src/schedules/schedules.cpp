#include "gossan/schedules.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace gossan {
namespace {

Field step_field(double& step, std::string help) {
  return {.name = "step", .value = &step, .help = std::move(help), .least = 0, .above = true};
}

}  // namespace

Fields ConstantOptions::fields() { return {step_field(step, "step length")}; }

Fields GeometricOptions::fields() {
  return {step_field(step, "first step length"),
          {.name = "ratio",
           .value = &ratio,
           .help = "each step over the one before; step / (1 - ratio) is the whole way the run can go",
           .least = 0,
           .most = 1,
           .above = true}};
}

Fields LossProportionalOptions::fields() { return {step_field(step, "step length is half of this times the loss")}; }

Fields DiminishingOptions::fields() {
  return {step_field(step, "first step length"),
          {.name = "power", .value = &power, .help = "steps fall as 1 / (k + 1)^power", .least = 0}};
}

Fields PolyakOptions::fields() {
  return {{.name = "f_min", .value = &f_min, .help = "least value of the objective; must be given"},
          {.name = "scale", .value = &scale, .help = "fraction of the Polyak step taken", .least = 0, .above = true}};
}

Schedule constant(ConstantOptions options, Objective* /*objective*/) {
  check(options.fields(), "constant");
  return [eta = options.step](const StepView&) { return eta; };
}

Schedule geometric(GeometricOptions options, Objective* /*objective*/) {
  check(options.fields(), "geometric");
  return [options](const StepView& at) { return options.step * std::pow(options.ratio, static_cast<double>(at.k)); };
}

Schedule normalised_geometric(GeometricOptions options, Objective* objective) {
  check(options.fields(), "normalised-geometric");
  auto* adjoint = dynamic_cast<AdjointNorm*>(objective);
  if (adjoint == nullptr) {
    throw std::invalid_argument(
        "normalised-geometric: needs an objective that knows the norm of its adjoint (a fit to linear measurements)");
  }
  return [options, adjoint](const StepView& at) {
    // Nothing to normalise once the run has diverged; run() will say so.
    if (!std::isfinite(at.f) || !std::isfinite(at.gradient_norm)) return std::numeric_limits<double>::quiet_NaN();
    const double norm = adjoint->adjoint_norm();
    // Every residual is 0: the gradient vanishes too, and any step will do.
    if (norm == 0) return 0.0;
    return options.step * std::pow(options.ratio, static_cast<double>(at.k)) / norm;
  };
}

Schedule loss_proportional(LossProportionalOptions options, Objective* /*objective*/) {
  check(options.fields(), "loss-proportional");
  return [eta = options.step](const StepView& at) { return eta / 2 * at.f; };
}

Schedule diminishing(DiminishingOptions options, Objective* /*objective*/) {
  check(options.fields(), "diminishing");
  return [options](const StepView& at) { return options.step / std::pow(static_cast<double>(at.k + 1), options.power); };
}

Schedule polyak(PolyakOptions options, Objective* /*objective*/) {
  check(options.fields(), "polyak");
  if (std::isnan(options.f_min)) {
    throw std::invalid_argument(
        "polyak: needs the least value of the objective, which no data tell (0 only for clean data): give it with --f-min VALUE "
        "or the setting schedule.f_min, or choose another schedule");
  }
  return [options](const StepView& at) {
    const double above = std::max(at.f - options.f_min, 0.0);
    return above == 0 || at.gradient_norm == 0 ? 0.0 : options.scale * above / (at.gradient_norm * at.gradient_norm);
  };
}

}  // namespace gossan
