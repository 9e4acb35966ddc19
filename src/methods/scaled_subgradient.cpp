#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/methods.hpp"

namespace gossan {
namespace {

// D = G (F^T F + lambda I)^{-1}: by Cholesky, or near singularity by the eigenpairs, without the directions that carry nothing.
class GramSolver {
 public:
  void solve(const Matrix& F, double lambda, const Matrix& G, Matrix& D) {
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
    eigen_.compute(gram_);
    const double cut = singular * std::max(eigen_.eigenvalues().maxCoeff(), 0.0);
    inverse_ = eigen_.eigenvalues().unaryExpr([cut](double value) { return value > cut ? 1 / value : 0.0; });
    D = G * eigen_.eigenvectors() * inverse_.asDiagonal() * eigen_.eigenvectors().transpose();
  }

 private:
  Eigen::MatrixXd gram_;
  Eigen::LLT<Eigen::MatrixXd> cholesky_;
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen_;
  Vector inverse_;
};

class ScaledSubgradient final : public Method {
 public:
  ScaledSubgradient(ScaledSubgradientOptions options, Schedule schedule)
      : lambda_(options.damping), schedule_(std::move(schedule)) {}

  void start(const Layout& layout) override {
    const bool one = layout.size() == 1;
    const bool pair = layout.size() == 2 && layout[0].cols == layout[1].cols;
    if (!one && !pair) {
      throw std::invalid_argument("scaled-subgradient: needs one factor, or a pair of factors with as many columns");
    }
    gradient_ = zeros(layout);
    direction_ = zeros(layout);
  }

  StepView step(Objective& objective, Index k, Params& theta) override {
    StepView view{.k = k};
    view.f = objective.evaluate(theta, &gradient_, k);
    for (std::size_t b = 0; b < theta.size(); ++b) {
      const Matrix& other = theta[theta.size() - 1 - b].value;  // itself where there is one block
      solver_.solve(other, lambda_, gradient_[b].value, direction_[b].value);
    }
    // <G, G P^{-1}> = ||G P^{-1/2}||^2: the square of the norm that Polyak's rule divides by in this metric.
    view.gradient_norm = std::sqrt(std::max(dot(gradient_, direction_), 0.0));
    view.step = schedule_(view);
    add_scaled(theta, -view.step, direction_);
    return view;
  }

 private:
  double lambda_;
  Schedule schedule_;
  Params gradient_, direction_;
  GramSolver solver_;
};

}  // namespace

Fields ScaledSubgradientOptions::fields() {
  return {{.name = "damping",
           .value = &damping,
           .help = "added to the Gram matrices; needed where the search rank exceeds the true one",
           .least = 0}};
}

std::unique_ptr<Method> scaled_subgradient(ScaledSubgradientOptions options, Schedule schedule) {
  check(options.fields(), "scaled-subgradient");
  return std::make_unique<ScaledSubgradient>(options, std::move(schedule));
}

}  // namespace gossan
