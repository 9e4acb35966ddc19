#include "methods/metric_descent.hpp"

namespace gossan {
namespace {

class MetricDescent final : public Method {
 public:
  MetricDescent(std::function<Metric(const Layout&)> choose, Schedule schedule)
      : choose_(std::move(choose)), schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    to_direction_ = choose_(layout);
    gradient_ = zeros(layout);
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    view.f = objective.evaluate(theta, &gradient_, k);
    view.gradient_norm = to_direction_(gradient_);
    view.step = schedule_(view);
    add_scaled(theta, -view.step, gradient_);
    return view;
  }

 private:
  std::function<Metric(const Layout&)> choose_;
  Schedule schedule_;
  Metric to_direction_;
  Params gradient_;
};

}  // namespace

std::unique_ptr<Method> metric_descent(std::function<Metric(const Layout&)> choose, Schedule schedule) {
  return std::make_unique<MetricDescent>(std::move(choose), std::move(schedule));
}

}  // namespace gossan
