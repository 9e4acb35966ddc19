// A data fit as a sum of parts: what ranks or workers need in order to add up one gradient with the same bits, however many they
// are.
#include "gossan/linalg.hpp"
#include "objectives/slices.hpp"

namespace gossan {
namespace {

constexpr Index most_parts = 64;

class SumOfParts final : public Objective, public Parts {
 public:
  explicit SumOfParts(SlicedFit fit) : fit_(std::move(fit)) {}

  Layout layout() const override { return fit_.model().layout(); }
  Index parts() const override { return fit_.runs(); }

  double evaluate_part(Index p, const Params& theta, Params* grad) override {
    const SlicedFit::Run run = fit_.run(p);
    if (run.fit == nullptr) {
      if (grad != nullptr) *grad = zeros(layout());
      return 0;
    }
    const double share = static_cast<double>(run.count) / static_cast<double>(fit_.fitted());
    const double f = run.fit->evaluate(theta, grad, 0);
    if (grad != nullptr) {
      for (Block& block : *grad) block.value *= share;
    }
    return share * f;
  }

  double evaluate(const Params& theta, Params* grad, Index /*k*/) override {
    std::vector<PartOfSum> all(static_cast<std::size_t>(parts()));
    for (Index p = 0; p < parts(); ++p) {
      PartOfSum& part = all[static_cast<std::size_t>(p)];
      if (grad != nullptr) part.grad = zeros(layout());
      part.f = evaluate_part(p, theta, grad == nullptr ? nullptr : &part.grad);
    }
    return add_up(all, grad);
  }

 private:
  SlicedFit fit_;
};

}  // namespace

double add_up(std::span<const PartOfSum> parts, Params* grad) {
  double f = 0;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    f += parts[p].f;
    if (grad == nullptr) continue;
    if (p == 0)
      *grad = parts[p].grad;
    else
      add_scaled(*grad, 1, parts[p].grad);
  }
  return f;
}

std::unique_ptr<Objective> sum_of_parts(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                        const std::vector<bool>& fitted) {
  return std::make_unique<SumOfParts>(
      SlicedFit(A, model, loss, y, fitted, block_count(A.measurements(), most_parts), "sum_of_parts"));
}

}  // namespace gossan
