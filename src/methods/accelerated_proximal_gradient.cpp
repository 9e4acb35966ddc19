// FISTA (Beck & Teboulle 2009): a proximal gradient step from z = theta_k + (t_{k-1} - 1) / t_k (theta_k - theta_{k-1}), with
// t_k = (1 + sqrt(1 + 4 t_{k-1}^2)) / 2; t = 1 again where f has risen (O'Donoghue & Candes 2015). f falls as 1 / k^2. A step
// takes a gradient at z, the value at theta_k and a proximal map.
#include <cmath>
#include <limits>
#include <stdexcept>

#include "methods/proximal.hpp"

namespace gossan {
namespace {

class AcceleratedProximalGradient final : public Method {
 public:
  explicit AcceleratedProximalGradient(Schedule schedule) : schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    gradient_ = zeros(layout);
    memory_ = zeros(layout);
    for (Block& block : memory_) block.name = "before." + block.name;
    memory_.push_back({"momentum", Matrix::Zero(1, 2)});
    t() = 1;
    last_f() = std::numeric_limits<double>::max();
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    view.f = objective.evaluate(theta, nullptr, k);
    if (k == 0 || view.f > last_f()) t() = 1;
    last_f() = view.f;
    const double next = (1 + std::sqrt(1 + 4 * t() * t())) / 2, beta = (t() - 1) / next;
    t() = next;
    for (std::size_t b = 0; b < theta.size(); ++b) {  // theta becomes z, the memory theta_k
      memory_[b].value.swap(theta[b].value);
      if (k > 0)
        theta[b].value = (1 + beta) * memory_[b].value - beta * theta[b].value;
      else
        theta[b].value = memory_[b].value;
    }
    objective.evaluate(theta, &gradient_, k);
    view.gradient_norm = norm(gradient_);
    view.step = schedule_(view);
    add_scaled(theta, -view.step, gradient_);
    prox(objective, theta, view.step);
    return view;
  }

  Params memory() const override { return memory_; }

  void recall(const Params& memory) override {
    if (layout_of(memory) != layout_of(memory_))
      throw std::invalid_argument("accelerated-proximal-gradient: the memory is of another layout");
    memory_ = memory;
  }

 private:
  double& t() { return memory_.back().value(0, 0); }
  double& last_f() { return memory_.back().value(0, 1); }

  Schedule schedule_;
  Params gradient_;
  Params memory_;  // theta_{k-1}; t and f(theta_{k-1})
};

}  // namespace

std::unique_ptr<Method> accelerated_proximal_gradient(NoOptions /*options*/, Schedule schedule) {
  return std::make_unique<AcceleratedProximalGradient>(std::move(schedule));
}

}  // namespace gossan
