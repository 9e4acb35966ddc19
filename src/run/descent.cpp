#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/run.hpp"
#include "run/loop.hpp"

namespace gossan {
namespace {

double relative_change(const Params& before, const Params& after) {
  double moved = 0, size = 0;
  for (std::size_t b = 0; b < after.size(); ++b) {
    moved += (after[b].value - before[b].value).squaredNorm();
    size += after[b].value.squaredNorm();
  }
  if (moved == 0) return 0;
  return size == 0 ? std::numeric_limits<double>::max() : std::sqrt(moved / size);
}

class Descent final : public Iteration {
 public:
  Descent(Objective& objective, Method& method, Params theta)
      : objective_(objective),
        method_(method),
        theta_(std::move(theta)),
        before_(theta_),
        stochastic_(dynamic_cast<Stochastic*>(&objective) != nullptr) {
    if (layout_of(theta_) != objective.layout()) {
      throw std::invalid_argument("descent: theta has another layout than the objective");
    }
    method_.start(objective.layout());
  }

  // The norm NaN: a batch whose gradient vanishes, or of which all is held out, says nothing of the whole.
  Iterate step() override {
    before_ = theta_;
    const StepView view = method_.step(objective_, k_, theta_);
    ++k_;
    return {
        .k = k_,
        .f = view.f,
        .gradient_norm = stochastic_ && view.gradient_norm == 0 ? std::numeric_limits<double>::quiet_NaN() : view.gradient_norm,
        .step = view.step,
        .change = relative_change(before_, theta_),
        .theta = &theta_};
  }

  // theta's blocks, the method's memory, and k.
  Params state() const override {
    Params state = theta_;
    for (Block& block : method_.memory()) state.push_back(std::move(block));
    state.push_back({"k", Matrix::Constant(1, 1, static_cast<double>(k_))});
    return state;
  }

  void restore(const Params& state) override {
    if (layout_of(state) != layout_of(this->state())) {
      throw std::invalid_argument("descent: the state to restore is of another problem or method");
    }
    const auto memory = state.begin() + static_cast<std::ptrdiff_t>(theta_.size());
    theta_.assign(state.begin(), memory);
    method_.recall(Params(memory, state.end() - 1));
    k_ = static_cast<Index>(state.back().value(0, 0));
  }

 private:
  Objective& objective_;
  Method& method_;
  Params theta_, before_;
  bool stochastic_;
  Index k_ = 0;
};

}  // namespace

std::unique_ptr<Iteration> descent(Objective& objective, Method& method, Params theta) {
  return std::make_unique<Descent>(objective, method, std::move(theta));
}

Result minimise(Objective& objective, Method& method, Params theta, const Stop& stop, std::span<const Observer> observers) {
  Params initial = theta;
  const auto iteration = descent(objective, method, std::move(theta));
  Result result = run_from(*iteration, std::move(initial), stop, observers);
  result.f = objective.evaluate(result.theta, nullptr, result.iterations);
  return result;
}

}  // namespace gossan
