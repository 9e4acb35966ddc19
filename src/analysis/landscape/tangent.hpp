// The linear measurements as a function of the parameters, at one point: the derivative J, its adjoint, and what is beyond them.
// Values of measurements are in the order of the sweeps.
#pragma once

#include <memory>

#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/probe.hpp"

namespace gossan::landscape {

class Tangent {
 public:
  Tangent(const Operator& A, const ProbePoint& at);  // both must outlive it

  Params zero() const { return zeros(model_->layout()); }
  Index parameters() const;
  Index measurements() const { return A_.measurements(); }
  const Operator& measuring() const { return A_; }
  const Matrix& L() const { return at_.L; }
  const Matrix& R() const { return at_.symmetric() ? at_.L : at_.R; }

  Vector predictions() const;  // A(X)
  // In one pass: z = J D to the judge, whose weights w give g = J* w / n.
  void sweep(const Params& D, Judge judge, Params& g);
  Vector derivative(const Params& D);                        // J D, J D = A(dL R^T + L dR^T)
  Params gradient(const Vector& w);                          // J* w / n
  Vector change(double gamma, const Params& D);              // A(X(theta + gamma D)) - A(X(theta)), with no cancellation
  Vector second_order(const Params& D);                      // A(dL dR^T)
  Params gradient_change(const Vector& w, const Params& D);  // derivative along D of J* w / n with w held
  double product_norm(const Params& D) const;                // |dL R^T + L dR^T|_F
  double largest_singular_value();                           // of J

 private:
  Params pulled_back(const Matrix& GL, const Matrix& GR);

  const Operator& A_;
  const ProbePoint& at_;
  Params theta_;
  std::unique_ptr<Model> model_;
};

// Parameters as one vector, for the eigen-solver.
Vector flat(const Params& D);
void unflatten(const Vector& x, Params& D);

}  // namespace gossan::landscape
