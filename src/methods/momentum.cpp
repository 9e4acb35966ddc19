#include <stdexcept>

#include "gossan/methods.hpp"

namespace gossan {
namespace {

class Momentum final : public Method {
 public:
  Momentum(MomentumOptions options, Schedule schedule) : beta_(options.beta), schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    gradient_ = zeros(layout);
    velocity_ = zeros(layout);
    for (Block& block : velocity_) block.name = "velocity." + block.name;
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    view.f = objective.evaluate(theta, &gradient_, k);
    view.gradient_norm = norm(gradient_);
    view.step = schedule_(view);
    for (std::size_t b = 0; b < velocity_.size(); ++b) {
      velocity_[b].value = beta_ * velocity_[b].value + gradient_[b].value;
    }
    add_scaled(theta, -view.step, velocity_);
    return view;
  }

  Params memory() const override { return velocity_; }

  void recall(const Params& memory) override {
    if (layout_of(memory) != layout_of(velocity_)) throw std::invalid_argument("momentum: the memory is of another layout");
    velocity_ = memory;
  }

 private:
  double beta_;
  Schedule schedule_;
  Params gradient_, velocity_;
};

}  // namespace

Fields MomentumOptions::fields() {
  return {{.name = "beta", .value = &beta, .help = "share of the velocity kept", .least = 0, .most = 1, .below = true}};
}

std::unique_ptr<Method> momentum(MomentumOptions options, Schedule schedule) {
  check(options.fields(), "momentum");
  return std::make_unique<Momentum>(options, std::move(schedule));
}

}  // namespace gossan
