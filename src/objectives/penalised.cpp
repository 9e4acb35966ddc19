// A smooth objective and a penalty on its parameters.
#include "gossan/objectives.hpp"

namespace gossan {
namespace {

class Penalised : public Objective, public Prox {
 public:
  Penalised(Objective& smooth, const Penalty& penalty) : smooth_(smooth), penalty_(penalty) {}

  Layout layout() const override { return smooth_.layout(); }

  double evaluate(const Params& theta, Params* grad, Index k) override {
    double h = 0;
    for (const Block& block : theta) h += penalty_.value(block.value);
    return smooth_.evaluate(theta, grad, k) + h;
  }

  void prox(Params& theta, double step) const override {
    for (Block& block : theta) penalty_.prox(block.value, step);
  }

 private:
  Objective& smooth_;
  const Penalty& penalty_;
};

// Keeps the talent of an objective that has it.
class PenalisedWithNorm final : public Penalised, public AdjointNorm {
 public:
  PenalisedWithNorm(Objective& smooth, AdjointNorm& norm, const Penalty& penalty) : Penalised(smooth, penalty), norm_(norm) {}
  double adjoint_norm() override { return norm_.adjoint_norm(); }
  void expect_adjoint_norm() override { norm_.expect_adjoint_norm(); }

 private:
  AdjointNorm& norm_;
};

}  // namespace

std::unique_ptr<Objective> penalised(Objective& smooth, const Penalty& penalty) {
  if (auto* norm = dynamic_cast<AdjointNorm*>(&smooth)) return std::make_unique<PenalisedWithNorm>(smooth, *norm, penalty);
  return std::make_unique<Penalised>(smooth, penalty);
}

}  // namespace gossan
