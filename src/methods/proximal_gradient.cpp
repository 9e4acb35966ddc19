// prox_{eta h}(theta - eta_k grad s(theta)) for f = s + h, s smooth: forward-backward splitting (Combettes & Wajs 2005), a
// gradient and a proximal map a step. With a step of at most 1 over the Lipschitz constant of grad s, f falls as 1 / k.
#include "methods/proximal.hpp"

namespace gossan {
namespace {

class ProximalGradient final : public Method {
 public:
  explicit ProximalGradient(Schedule schedule) : schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override { gradient_ = zeros(layout); }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    view.f = objective.evaluate(theta, &gradient_, k);
    view.gradient_norm = norm(gradient_);
    view.step = schedule_(view);
    add_scaled(theta, -view.step, gradient_);
    prox(objective, theta, view.step);
    return view;
  }

 private:
  Schedule schedule_;
  Params gradient_;
};

}  // namespace

std::unique_ptr<Method> proximal_gradient(NoOptions /*options*/, Schedule schedule) {
  return std::make_unique<ProximalGradient>(std::move(schedule));
}

}  // namespace gossan
