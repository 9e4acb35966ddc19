// Methods: how theta moves. Each is its update rule and nothing else; the loop is run()'s.
#pragma once

#include <memory>
#include <vector>

#include "gossan/objectives.hpp"
#include "gossan/params.hpp"
#include "gossan/schedules.hpp"
#include "gossan/table.hpp"

namespace gossan {

class Method {
 public:
  virtual ~Method() = default;
  virtual void start(const Layout& layout) = 0;
  // Moves theta_k to theta_{k+1} in place; k = 0, 1, ... Says what it saw and did.
  virtual StepView step(Objective& objective, Index k, Params& theta) = 0;
  virtual Params memory() const { return {}; }      // momentum and the like; empty for a method without memory
  virtual void recall(const Params& /*memory*/) {}  // what memory() gave
};

struct SubgradientOptions {
  Vector row_scale;  // optional, from C++ only: row i of every block moves by row_scale_i times the step
  static Fields fields() { return {}; }
};
std::unique_ptr<Method> subgradient(SubgradientOptions options, Schedule schedule);  // theta - eta_k g

struct MomentumOptions {
  double beta = 0.9;  // in [0, 1)
  Fields fields();
};
std::unique_ptr<Method> momentum(MomentumOptions options, Schedule schedule);  // v = beta v + g; theta - eta_k v

struct ScaledSubgradientOptions {
  double damping = 0.0;  // lambda >= 0 added to the Gram matrices; needed when the search rank exceeds the true one
  Fields fields();
};
// L - eta_k G_L (R^T R + lambda I)^{-1}, R - eta_k G_R (L^T L + lambda I)^{-1}, both from the old pair (Tong, Ma, Chi 2021); for
// one block U: U - eta_k G (U^T U + lambda I)^{-1}. Refuses layouts that are neither one block nor a pair of equal rank.
std::unique_ptr<Method> scaled_subgradient(ScaledSubgradientOptions options, Schedule schedule);

const std::vector<Row<std::unique_ptr<Method>, Schedule>>& methods();

}  // namespace gossan
