// Methods: how theta moves. Each is its update rule and nothing else; the loop is run()'s.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
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

// Those below are told apart in docs/methods/. Scaled and preconditioned ones refuse layouts that are neither one block nor a
// pair of equal rank.
std::unique_ptr<Method> gradient_descent(NoOptions options, Schedule schedule);  // theta - eta_k grad f

struct PerturbedGdOptions {
  double radius = 1e-12;  // of the ball, >= 0; 0: none, round-off alone
  Index every = 1;        // steps from one perturbation to the next
  std::uint64_t seed = 0;
  Fields fields();
};
std::unique_ptr<Method> perturbed_gd(PerturbedGdOptions options, Schedule schedule);  // theta - eta_k grad f + xi_k

// L - eta_k G_L (R^T R)^{-1}, R - eta_k G_R (L^T L)^{-1}, both from the old pair; one block U: U - eta_k G (U^T U)^{-1}. The same
// update: scaled_sm is for the absolute loss, scaled_gd for the squared one.
std::unique_ptr<Method> scaled_sm(NoOptions options, Schedule schedule);
std::unique_ptr<Method> scaled_gd(NoOptions options, Schedule schedule);

// With lambda I added to the Gram matrices: fixed for scaled_gd_lambda (squared loss) and opsa (absolute loss), as large as the
// error for prec_gd (squared loss).
struct DampingOptions {
  double damping = 0.1;  // lambda > 0, in units of the singular values of X
  Fields fields();
};
std::unique_ptr<Method> scaled_gd_lambda(DampingOptions options, Schedule schedule);
std::unique_ptr<Method> opsa(DampingOptions options, Schedule schedule);
struct PrecGdOptions {
  std::string damping = "gradient";  // lambda_k = ||G (F^T F)^{-1/2}||_F, F the partner; or "loss": sqrt(f)
  Fields fields();
};
std::unique_ptr<Method> prec_gd(PrecGdOptions options, Schedule schedule);

// L - eta_k G_L (R^T R)^+, then with the gradient at the new L: R - eta_k G_R (L^T L)^+. Refuses all but a pair of equal rank.
std::unique_ptr<Method> alternating_gauss_newton(NoOptions options, Schedule schedule);

// For f = s + h (talent Prox): prox_{eta h}(theta - eta_k grad s(theta)), and the same from a point ahead (FISTA with restarts).
// Without the talent h is 0.
std::unique_ptr<Method> proximal_gradient(NoOptions options, Schedule schedule);
std::unique_ptr<Method> accelerated_proximal_gradient(NoOptions options, Schedule schedule);

struct DoubleOverParameterisationOptions {
  double ratio = 0.3;  // tau / sqrt(n rows) > 0
  Fields fields();
};
// eta_k for the model's blocks, tau eta_k for g and h. Refuses layouts that do not end with them (double_over_parameterised_fit).
std::unique_ptr<Method> double_over_parameterisation(DoubleOverParameterisationOptions options, Schedule schedule);

// The parts that a method's paper pairs it with, by their names in the tables: what "auto" means beside it.
struct Companions {
  std::string model = {};  // empty: symmetric-factor for square matrices, else factor-pair
  std::string loss, schedule, init;
  std::string penalty = {};  // empty: none; a method with one is for composite objectives
  Settings settings = {};    // "schedule.step" = "0.25", ...: options of these parts where they differ from the rows' defaults
  std::unique_ptr<Objective> (*objective)(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                          const std::vector<bool>& fitted) = data_fit;
};
struct MethodRow : Row<std::unique_ptr<Method>, Schedule> {
  Companions companions;
};
const std::vector<MethodRow>& methods();

}  // namespace gossan
