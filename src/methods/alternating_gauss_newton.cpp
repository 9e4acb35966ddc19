// Jia, Feng, Meng & Sun 2024 (NeurIPS), AGN: each factor in turn takes a Gauss-Newton step for the matrix with the other held,
//   L <- L - eta_k Q (R^T)^+ = L - eta_k G_L (R^T R)^+,   and with Q at the new L:   R <- R - eta_k G_R (L^T L)^+.
// Two gradients a step. For a pair alone: the one for U U^T is no descent method.
#include <cmath>
#include <stdexcept>

#include "gossan/methods.hpp"
#include "methods/gram_solver.hpp"

namespace gossan {
namespace {

class AlternatingGaussNewton final : public Method {
 public:
  explicit AlternatingGaussNewton(Schedule schedule) : schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    if (layout.size() != 2 || layout[0].cols != layout[1].cols) {
      throw std::invalid_argument(
          "alternating-gauss-newton: needs a pair of factors with as many columns, for the form for one symmetric factor is no "
          "descent method: choose the model factor-pair");
    }
    gradient_ = zeros(layout);
    direction_ = zeros(layout);
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k, .theta = &theta};
    Matrix &L = theta[0].value, &R = theta[1].value;
    view.f = objective.evaluate(theta, &gradient_, k);
    view.gradient_norm = solver_.solve(theta, 0, gradient_, direction_);
    view.step = schedule_(view);
    L -= view.step * direction_[0].value;
    objective.evaluate(theta, &gradient_, k);
    solver_.solve(L, 0, gradient_[1].value, direction_[1].value);
    R -= view.step * direction_[1].value;
    return view;
  }

 private:
  Schedule schedule_;
  Params gradient_, direction_;
  GramSolver solver_;
};

}  // namespace

std::unique_ptr<Method> alternating_gauss_newton(NoOptions /*options*/, Schedule schedule) {
  return std::make_unique<AlternatingGaussNewton>(std::move(schedule));
}

}  // namespace gossan
