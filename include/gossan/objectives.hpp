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
};

// Optional talent: evaluations that may use predictions in single precision, at up to twice the speed. Exact until told.
class Roughness {
 public:
  virtual ~Roughness() = default;
  virtual void allow_rough(bool rough) = 0;
};

// f(theta) = (1/n) sum_e loss(<A_e, X(theta)> - y_e). Has the talents AdjointNorm and
// Roughness. Holds references: all must outlive it.
// Throws std::invalid_argument when y has not one number a measurement, or the model another shape than A.
std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y);

// The same over the measurements marked in `fitted` alone (n is then their number): the others are held out and take no part.
std::unique_ptr<Objective> data_fit(const Operator& A, Model& model, const Loss& loss, std::span<const double> y,
                                    std::vector<bool> fitted);

}  // namespace gossan
