// theta - eta_k grad f(theta) + xi_k, xi_k uniform in a ball of a tiny radius: infinitesimally perturbed gradient descent (after
// Ma, Liang & Fattahi 2025). Saddles are left, at a cost logarithmic in the radius, and what is not needed stays of the radius's
// size. With radius 0 round-off is the perturbation: blocks that are exactly 0 then stay so.
#include <cmath>
#include <memory>
#include <utility>

#include "gossan/methods.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

class PerturbedGd final : public Method {
 public:
  PerturbedGd(PerturbedGdOptions options, Schedule schedule)
      : options_(options), descent_(gradient_descent({}, std::move(schedule))) {}

  void start(const Layout& layout) override {
    descent_->start(layout);
    noise_ = zeros(layout);
    numbers_ = 0;
    for (const Shape& shape : layout) numbers_ += shape.rows * shape.cols;
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    const StepView view = descent_->step(objective, k, theta);
    if (options_.radius > 0 && k % options_.every == 0) perturb(k, theta);
    return view;
  }

 private:
  // A normal direction, and a length with the law of the ball's: radius u^(1/N) for a uniform u.
  void perturb(Index k, Params& theta) {
    const Random direction(options_.seed, 211), length(options_.seed, 212);
    Index i = k * numbers_;
    for (Block& block : noise_) {
      for (Index e = 0; e < block.value.size(); ++e) block.value.data()[e] = direction.normal(i++);
    }
    add_scaled(theta, options_.radius * std::pow(length.uniform(k), 1 / static_cast<double>(numbers_)) / norm(noise_), noise_);
  }

  PerturbedGdOptions options_;
  std::unique_ptr<Method> descent_;
  Params noise_;
  Index numbers_ = 0;
};

}  // namespace

Fields PerturbedGdOptions::fields() {
  return {{.name = "radius", .value = &radius, .help = "of the ball; 0: round-off alone", .least = 0},
          {.name = "every", .value = &every, .help = "steps from one perturbation to the next", .least = 1},
          {.name = "seed", .value = &seed, .help = "of the perturbations; in a recovery that of the run unless set"}};
}

std::unique_ptr<Method> perturbed_gd(PerturbedGdOptions options, Schedule schedule) {
  check(options.fields(), "perturbed-gd");
  return std::make_unique<PerturbedGd>(options, std::move(schedule));
}

}  // namespace gossan
