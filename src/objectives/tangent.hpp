// The linear measurements as a function of the parameters, at one point: the derivative J, its adjoint, and what is beyond them.
// Values of measurements are in the order of the sweeps.
#pragma once

#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/params.hpp"

namespace gossan {

class Tangent {
 public:
  // A model of LinearFactors; all must outlive it.
  Tangent(const Operator& A, Model& model, const Params& theta);

  Params zero() const { return zeros(model_.layout()); }
  Index parameters() const;
  Index measurements() const { return A_.measurements(); }
  const Operator& measuring() const { return A_; }
  const Matrix& L() const { return at_.L; }
  const Matrix& R() const { return at_.R; }

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
  Model& model_;
  const Params& theta_;
  Factors at_;
};

// H D = (1/n) J* (loss''(r) o J D)  +  (1/n) d(J* loss'(r)) [D],
// the Gauss-Newton part, which is positive semidefinite for convex losses, and the residual part, which vanishes with the
// residuals. weights: loss'(r), curvatures: loss''(r), both 0 for what takes no part. Two passes.
void hessian_times(Tangent& tangent, const Vector& weights, const Vector& curvatures, const Params& D, Params& out);

// Parameters as one vector, for the eigen-solver.
Vector flattened(const Params& D);
void unflatten(const Vector& x, Params& D);

}  // namespace gossan
