#include "methods/gram_solver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "gossan/linalg.hpp"

namespace gossan {

void GramSolver::solve(const Matrix& F, double lambda, const Matrix& G, Matrix& D) {
  gram_.noalias() = F.transpose() * F;
  gram_.diagonal().array() += lambda;
  if (!gram_.allFinite()) {  // left to run() to call it diverged
    D.setConstant(G.rows(), G.cols(), std::numeric_limits<double>::quiet_NaN());
    return;
  }
  cholesky_.compute(gram_);
  constexpr double singular = 1e-13;
  if (cholesky_.info() == Eigen::Success && cholesky_.rcond() > singular) {
    D = G;
    auto transposed = D.transpose();
    cholesky_.solveInPlace(transposed);
    return;
  }
  const Eigenpairs pairs = eigenpairs(gram_);
  const double cut = singular * std::max(pairs.values(0), 0.0);
  const Vector inverse = pairs.values.unaryExpr([cut](double value) { return value > cut ? 1 / value : 0.0; });
  D = G * pairs.vectors * inverse.asDiagonal() * pairs.vectors.transpose();
}

double GramSolver::solve(const Params& theta, double lambda, const Params& gradient, Params& direction) {
  for (std::size_t b = 0; b < theta.size(); ++b) {
    solve(theta[theta.size() - 1 - b].value, lambda, gradient[b].value, direction[b].value);
  }
  return std::sqrt(std::max(dot(gradient, direction), 0.0));
}

void check_factors(const Layout& layout, const char* who) {
  const bool one = layout.size() == 1;
  const bool pair = layout.size() == 2 && layout[0].cols == layout[1].cols;
  if (one || pair) return;
  throw std::invalid_argument(std::string(who) + ": needs one factor, or a pair of factors with as many columns");
}

}  // namespace gossan
