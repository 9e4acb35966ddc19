#include "methods/preconditioned.hpp"

#include "methods/gram_solver.hpp"

namespace gossan {
namespace {

class Preconditioned final : public Method {
 public:
  Preconditioned(const char* who, Damping damping, Schedule schedule)
      : who_(who), damping_(std::move(damping)), schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    check_factors(layout, who_);
    gradient_ = zeros(layout);
    direction_ = zeros(layout);
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    view.f = objective.evaluate(theta, &gradient_, k);
    const auto undamped_norm = [&] { return solver_.solve(theta, 0, gradient_, direction_); };
    view.gradient_norm = solver_.solve(theta, damping_(view.f, undamped_norm), gradient_, direction_);
    view.step = schedule_(view);
    add_scaled(theta, -view.step, direction_);
    return view;
  }

 private:
  const char* who_;
  Damping damping_;
  Schedule schedule_;
  Params gradient_, direction_;
  GramSolver solver_;
};

}  // namespace

std::unique_ptr<Method> preconditioned(const char* who, Damping damping, Schedule schedule) {
  return std::make_unique<Preconditioned>(who, std::move(damping), std::move(schedule));
}

Damping constant_damping(double lambda) {
  return [lambda](double, function_ref<double()>) { return lambda; };
}

Fields DampingOptions::fields() {
  return {{.name = "damping",
           .value = &damping,
           .help = "lambda, added to the Gram matrices: of the size of the smallest singular value of X",
           .least = 0,
           .above = true}};
}

}  // namespace gossan
