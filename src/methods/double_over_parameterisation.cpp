// You, Zhu, Qu & Ma 2020 (NeurIPS): gradient descent on the squared loss of <A_e, X> + g_e^2 - h_e^2, with another step for g and
// h:
//   U - eta_k grad_U,   g - tau eta_k grad_g,   h - tau eta_k grad_h.
// From a small start it leads to the X and s = g o g - h o h of least ||X||_* + ||s||_1 / tau (for U U^T as for a pair), so tau
// decides what passes for corruption. Two passes over the data a step.
#include <cmath>
#include <stdexcept>

#include "methods/metric_descent.hpp"

namespace gossan {
namespace {

Metric corruption_metric(double ratio, const Layout& layout) {
  const std::size_t blocks = layout.size();
  if (blocks < 3 || layout[blocks - 2].name != "g" || layout[blocks - 1].name != "h") {
    throw std::invalid_argument(
        "double-over-parameterisation: needs blocks g and h for the corruption, of double_over_parameterised_fit");
  }
  const auto measurements = static_cast<double>(layout.back().rows), side = static_cast<double>(layout.front().rows);
  return [tau = ratio * std::sqrt(measurements * side)](Params& gradient) {
    double square = 0;
    for (std::size_t b = 0; b < gradient.size(); ++b) {
      Matrix& G = gradient[b].value;
      const double scale = b + 2 < gradient.size() ? 1.0 : tau;
      square += scale * G.squaredNorm();
      G *= scale;
    }
    return std::sqrt(square);
  };
}

}  // namespace

Fields DoubleOverParameterisationOptions::fields() {
  return {{.name = "ratio",
           .value = &ratio,
           .help = "step of the corruption over that of the factors, in units of sqrt(measurements * rows)",
           .least = 0,
           .above = true}};
}

std::unique_ptr<Method> double_over_parameterisation(DoubleOverParameterisationOptions options, Schedule schedule) {
  check(options.fields(), "double-over-parameterisation");
  return metric_descent([ratio = options.ratio](const Layout& layout) { return corruption_metric(ratio, layout); },
                        std::move(schedule));
}

}  // namespace gossan
