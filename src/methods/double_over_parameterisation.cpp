// You, Zhu, Qu & Ma 2020 (NeurIPS): gradient descent on the squared loss of <A_e, X> + g_e^2 - h_e^2, with another step for g and
// h:
//   U - eta_k grad_U,   g - tau eta_k grad_g,   h - tau eta_k grad_h.
// From a small start it leads to the X and s = g o g - h o h of least ||X||_* + ||s||_1 / tau (for U U^T as for a pair), so tau
// decides what passes for corruption. Two passes over the data a step.
#include <cmath>
#include <stdexcept>

#include "gossan/methods.hpp"

namespace gossan {
namespace {

class DoubleOverParameterisation final : public Method {
 public:
  DoubleOverParameterisation(DoubleOverParameterisationOptions options, Schedule schedule)
      : ratio_(options.ratio), schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    const std::size_t blocks = layout.size();
    if (blocks < 3 || layout[blocks - 2].name != "g" || layout[blocks - 1].name != "h") {
      throw std::invalid_argument(
          "double-over-parameterisation: needs blocks g and h for the corruption, of double_over_parameterised_fit");
    }
    gradient_ = zeros(layout);
    const auto measurements = static_cast<double>(layout.back().rows), side = static_cast<double>(layout.front().rows);
    tau_ = ratio_ * std::sqrt(measurements * side);
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    view.f = objective.evaluate(theta, &gradient_, k);
    view.gradient_norm = scale_to_direction();
    view.step = schedule_(view);
    add_scaled(theta, -view.step, gradient_);
    return view;
  }

 private:
  // Turns the gradient g into the direction D g, D being tau on g and h, and returns <g, D g>^(1/2), the norm dual to D's metric.
  double scale_to_direction() {
    double square = 0;
    for (std::size_t b = 0; b < gradient_.size(); ++b) {
      Matrix& G = gradient_[b].value;
      const double scale = b + 2 < gradient_.size() ? 1.0 : tau_;
      square += scale * G.squaredNorm();
      G *= scale;
    }
    return std::sqrt(square);
  }

  double ratio_, tau_ = 1;
  Schedule schedule_;
  Params gradient_;
};

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
  return std::make_unique<DoubleOverParameterisation>(options, std::move(schedule));
}

}  // namespace gossan
