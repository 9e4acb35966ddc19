// What a method minimises: f(theta) and a (sub)gradient.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "gossan/losses.hpp"
#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/params.hpp"

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

// f(theta) = (1/n) sum_e loss(<A_e, X(theta)> - y_e). Has the talents AdjointNorm and Roughness. Holds references: all must
// outlive it. Throws std::invalid_argument when y has not one number a measurement, or the model another shape than A.
std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y);

// The same over the measurements marked in `fitted` alone (n is then their number): the others are held out and take no part.
std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                    const std::vector<bool>& fitted);

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
