#include <cmath>
#include <stdexcept>
#include <string>

#include "gossan/methods.hpp"

namespace gossan {
namespace {

class Subgradient final : public Method {
 public:
  Subgradient(SubgradientOptions options, Schedule schedule)
      : scale_(std::move(options.row_scale)), schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    for (const Shape& shape : layout) {
      if (scale_.size() == 0 || shape.rows == scale_.size()) continue;
      throw std::invalid_argument("subgradient: row_scale has " + std::to_string(scale_.size()) + " values, block " + shape.name +
                                  " has " + std::to_string(shape.rows) + " rows");
    }
    gradient_ = zeros(layout);
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
  // Turns the gradient g into the direction D g, D the row scales, and returns <g, D g>^(1/2), the norm dual to D's metric.
  double scale_to_direction() {
    if (scale_.size() == 0) return norm(gradient_);
    double square = 0;
    for (Block& block : gradient_) {
      for (Index i = 0; i < block.value.rows(); ++i) square += scale_(i) * block.value.row(i).squaredNorm();
      block.value.array().colwise() *= scale_.array();
    }
    return std::sqrt(square);
  }

  Vector scale_;
  Schedule schedule_;
  Params gradient_;
};

}  // namespace

std::unique_ptr<Method> subgradient(SubgradientOptions options, Schedule schedule) {
  for (Index i = 0; i < options.row_scale.size(); ++i) {
    const double value = options.row_scale(i);
    if (std::isfinite(value) && value > 0) continue;
    throw std::invalid_argument("subgradient: row_scale " + std::to_string(i) + " is " + std::to_string(value) +
                                ", expected a finite number > 0");
  }
  return std::make_unique<Subgradient>(std::move(options), std::move(schedule));
}

}  // namespace gossan
