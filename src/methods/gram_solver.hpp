// What preconditioned methods have in common: gradients of factors divided by the Gram matrices of their partners.
#pragma once

#include <Eigen/Cholesky>

#include "gossan/params.hpp"

namespace gossan {

// D = G (F^T F + lambda I)^{-1}: by Cholesky, or near singularity by the eigenpairs, without the directions that carry nothing
// (at lambda = 0 the pseudo-inverse). NaN where F is not finite.
class GramSolver {
 public:
  void solve(const Matrix& F, double lambda, const Matrix& G, Matrix& D);

  // The same for every block, F the partner of each: R of L, L of R, U of itself. Returns <G, D>^(1/2) = ||G P^{-1/2}||, the norm
  // dual to the metric of P = F^T F + lambda I, which is what Polyak's rule divides by.
  double solve(const Params& theta, double lambda, const Params& gradient, Params& direction);

 private:
  Eigen::MatrixXd gram_;
  Eigen::LLT<Eigen::MatrixXd> cholesky_;
};

// Throws std::invalid_argument unless the layout is one factor, or a pair of factors with as many columns.
void check_factors(const Layout& layout, const char* who);

}  // namespace gossan
