// What a method minimises: f(theta) and a (sub)gradient.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gossan/losses.hpp"
#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/options.hpp"
#include "gossan/params.hpp"
#include "gossan/penalties.hpp"

namespace gossan {

class Objective {
 public:
  virtual ~Objective() = default;
  virtual Layout layout() const = 0;
  // f(theta), and its (sub)gradient into *grad (with this layout) unless null. k is the iteration, for stochastic objectives.
  virtual double evaluate(const Params& theta, Params* grad, Index k) = 0;
};

// Optional talent: ||Q||, the largest singular value of the adjoint A*(w) / n behind the latest gradient.
class AdjointNorm {
 public:
  virtual ~AdjointNorm() = default;
  virtual double adjoint_norm() = 0;
  virtual void expect_adjoint_norm() {}  // it will be asked for after every gradient
};

// Optional talent: evaluations that may use predictions in single precision, at up to twice the speed. Exact until told.
class Roughness {
 public:
  virtual ~Roughness() = default;
  virtual void allow_rough(bool rough) = 0;
};

// Optional talent: f = s + h, s smooth and h convex with a known proximal map. evaluate() then gives the value of the whole and
// the gradient of s alone.
class Prox {
 public:
  virtual ~Prox() = default;
  // theta = argmin over z of |z - theta|^2 / 2 + step h(z).
  virtual void prox(Params& theta, double step) const = 0;
};

// Optional talent: evaluate() sees a part of the data that step k draws. A gradient that vanishes there is no sign of an end.
class Stochastic {
 public:
  virtual ~Stochastic() = default;
};

// Optional talent: exact products with the Hessian of f, where f is twice differentiable.
class Curvature {
 public:
  virtual ~Curvature() = default;
  // out = the derivative of the gradient at theta along D. theta, D and out have the layout.
  virtual void hessian_times(const Params& theta, const Params& D, Params& out) = 0;
};

// Optional talent: f is a sum of parts, in a partition that depends on the data alone. Whoever adds them in their order gets the
// bits of evaluate(), however the parts were dealt to those who evaluated them.
class Parts {
 public:
  virtual ~Parts() = default;
  virtual Index parts() const = 0;
  // Value of part p, 0 .. parts() - 1, and its gradient into *grad (with the layout) unless null.
  virtual double evaluate_part(Index p, const Params& theta, Params* grad) = 0;
};
// What one part came to, and the sum of all of them in their order, their gradients into *grad unless null.
struct PartOfSum {
  double f = 0;
  Params grad;  // empty where none was asked for
};
double add_up(std::span<const PartOfSum> parts, Params* grad);

// f(theta) = (1/n) sum_e loss(<A_e, X(theta)> - y_e). Has the talents AdjointNorm and Roughness, and
// Curvature where the loss is Smooth and the model has LinearFactors. Holds references: all must
// outlive it. Throws std::invalid_argument when y has not one number a measurement, or the model another shape than A.
std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y);

// The same over the measurements marked in `fitted` alone (n is then their number): the others are held out and take no part.
std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                    const std::vector<bool>& fitted);

// The same as a sum of parts (talent Parts) over runs of consecutive measurements, at most 64; bits differ from those of
// data_fit, whose sums are taken in another order. A needs the talent Slices.
std::unique_ptr<Objective> sum_of_parts(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                        const std::vector<bool>& fitted);

struct MinibatchOptions {
  Index size = 100;                  // measurements a step, rounded up to what A can be cut at; at most all
  std::string order = "reshuffled";  // every batch once an epoch, in a random order; or "replacement": any batch at any step
  std::uint64_t seed = 0;
  Fields fields();
};
// The same over one batch of consecutive measurements at a time, which step k draws as a pure function of (seed, k). Its value
// and gradient are those of the whole on the average over all batches, exactly; a step reads the batch and no more. Measurements
// that are sorted by something should be shuffled before. A needs the talent Slices. Talent AdjointNorm, of the latest batch.
std::unique_ptr<Objective> minibatch(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                     const std::vector<bool>& fitted, MinibatchOptions options);

// f + h, h the sum of the penalty over all blocks of theta. Talent Prox, and AdjointNorm where f has it. Holds both references.
std::unique_ptr<Objective> penalised(Objective& smooth, const Penalty& penalty);

// Any function of named blocks, with these names and shapes: as Objective::evaluate, and what it throws comes out. Throws
// std::invalid_argument on a layout without numbers or with a name twice, and where the function changes a gradient's layout.
std::unique_ptr<Objective> external(Layout layout, std::function<double(const Params& theta, Params* grad, Index k)> function);

// Gross errors as parameters of their own (You, Zhu, Qu, Ma 2020): f = (1/n) sum_e loss(<A_e, X> + g_e^2 - h_e^2 - y_e) over the
// fitted, with blocks g and h (n x 1) after the model's. From a small start, descent finds X of low rank and sparse g, h. Has
// the talent AdjointNorm; reads the data twice for a gradient. Holds references, throws as data_fit does.
std::unique_ptr<Objective> double_over_parameterised_fit(const Operator& A, Model& model, const Loss& loss,
                                                         std::span<const double> y, const std::vector<bool>& fitted);

// What the absolute loss of clean Gaussian measurements becomes as their number grows, for a known truth:
// f(theta) = sqrt(2 / pi) ||X(theta) - truth||_F. Has the talent AdjointNorm. Holds a reference to the model.
// Throws std::invalid_argument when the truth has another shape than the model, or a number that is not finite.
std::unique_ptr<Objective> population(Matrix truth, Model& model);

}  // namespace gossan
