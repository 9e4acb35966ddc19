#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "gossan/linalg.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

GenerateSenseOptions planted(Index cols) {
  GenerateSenseOptions options;
  options.rows = 6;
  options.cols = cols;
  options.rank = 2;
  options.measurements = 131;  // an odd tail beyond two granules
  return options;
}

// f and its gradient by the definition, over the marked measurements.
double slow_fit(const SensingProblem& problem, const Params& theta, const std::vector<bool>& fitted, Matrix& GL, Matrix& GR) {
  const Matrix &L = theta.front().value, &R = theta.back().value;
  const Matrix X = L * R.transpose();
  Matrix S = Matrix::Zero(X.rows(), X.cols());
  double sum = 0, count = 0;
  for (Index e = 0; e < problem.truth.A.rows(); ++e) {
    if (!fitted[static_cast<std::size_t>(e)]) continue;
    const Eigen::Map<const Matrix> Ae(problem.truth.A.row(e).data(), X.rows(), X.cols());
    const double r = Ae.cwiseProduct(X).sum() - problem.truth.y[static_cast<std::size_t>(e)];
    sum += std::abs(r);
    S += (r > 0 ? 1.0 : -1.0) * Ae;
    ++count;
  }
  GL = S * R / count;
  GR = S.transpose() * L / count;
  return sum / count;
}

TEST(DataFit, AgreesWithTheDefinitionWholeAndHeldOut) {
  for (const Index cols : {Index(0), Index(4)}) {
    const SensingProblem problem(planted(cols));
    const Params theta = problem.random_theta(1);
    std::vector<bool> all(131, true), some(131, true);
    for (std::size_t e = 0; e < some.size(); e += 3) some[e] = false;
    for (const auto& fitted : {all, some}) {
      const auto objective = data_fit(*problem.A, *problem.model, *problem.loss, problem.truth.y, fitted);
      Params gradient = zeros(problem.model->layout());
      Matrix GL, GR;
      const double f = slow_fit(problem, theta, fitted, GL, GR);
      EXPECT_NEAR(objective->evaluate(theta, &gradient, 0), f, 1e-12);
      EXPECT_EQ(objective->evaluate(theta, nullptr, 0), objective->evaluate(theta, &gradient, 0));
      if (cols == 0) {
        EXPECT_TRUE(gradient[0].value.isApprox(GL + GR, 1e-12));
      } else {
        EXPECT_TRUE(gradient[0].value.isApprox(GL, 1e-12));
        EXPECT_TRUE(gradient[1].value.isApprox(GR, 1e-12));
      }
    }
  }
}

// An operator without the talent WholeAdjoint answers adjoint_norm() through its products.
TEST(DataFit, TheAdjointNormIsTheSameWithAndWithoutTheWholeAdjoint) {
  constexpr Index rows = 5, cols = 4;
  std::vector<Index> i, j;
  Matrix dense_form = Matrix::Zero(30, rows * cols);
  std::vector<double> y;
  const Random random(3, 3);
  for (Index e = 0; e < 30; ++e) {
    i.push_back(random.below(2 * e, rows));
    j.push_back(random.below(2 * e + 1, cols));
    dense_form(e, i.back() * cols + j.back()) = 1;
    y.push_back(random.normal(100 + e));
  }
  const auto sparse = entries(rows, cols, i, j);
  const auto full = dense(dense_form, rows, cols);
  const auto model = factor_pair({rows, cols, 2});
  const auto loss = absolute();
  Params theta = zeros(model->layout());
  for (Block& block : theta) block.value = normal_matrix(block.value.rows(), 2, Random(4, 4));
  Params gradient = zeros(model->layout());
  std::vector<double> norms, values;
  for (const Operator* A : {sparse.get(), full.get()}) {
    const auto objective = data_fit(*A, *model, *loss, y);
    values.push_back(objective->evaluate(theta, &gradient, 0));
    norms.push_back(dynamic_cast<AdjointNorm&>(*objective).adjoint_norm());
  }
  EXPECT_NEAR(values[0], values[1], 1e-13);
  EXPECT_NEAR(norms[0], norms[1], 1e-10);
  EXPECT_GT(norms[0], 0);
}

// The same measurements, swept from the last to the first.
class Reversed final : public Operator {
 public:
  explicit Reversed(const Operator& inner) : inner_(inner), order_(static_cast<std::size_t>(inner.measurements())) {
    std::iota(order_.rbegin(), order_.rend(), 0U);
  }
  Index rows() const override { return inner_.rows(); }
  Index cols() const override { return inner_.cols(); }
  Index measurements() const override { return inner_.measurements(); }
  std::span<const std::uint32_t> order() const override { return order_; }
  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    std::vector<double> z(order_.size());
    predict(inner_, L, R, z);
    std::vector<double> w(z.rbegin(), z.rend());
    judge.exact(0, w);
    std::reverse(w.begin(), w.end());
    if (GL != nullptr) adjoint_times(inner_, w, L, R, *GL, *GR);
  }

 private:
  const Operator& inner_;
  std::vector<std::uint32_t> order_;
};

TEST(DataFit, AnOperatorsOwnOrderChangesNothing) {
  const SensingProblem problem(planted(4));
  const Params theta = problem.random_theta(2);
  std::vector<bool> fitted(131, true);
  for (std::size_t e = 0; e < fitted.size(); e += 5) fitted[e] = false;
  const Reversed reversed(*problem.A);
  std::vector<Params> gradient(2, zeros(problem.model->layout()));
  std::vector<double> value, norm;
  for (const Operator* A : {static_cast<const Operator*>(problem.A.get()), static_cast<const Operator*>(&reversed)}) {
    const auto objective = data_fit(*A, *problem.model, *problem.loss, problem.truth.y, fitted);
    value.push_back(objective->evaluate(theta, &gradient[value.size()], 0));
    norm.push_back(dynamic_cast<AdjointNorm&>(*objective).adjoint_norm());
  }
  EXPECT_NEAR(value[0], value[1], 1e-13);
  EXPECT_NEAR(norm[0], norm[1], 1e-12);
  for (std::size_t b = 0; b < gradient[0].size(); ++b) EXPECT_TRUE(gradient[0][b].value.isApprox(gradient[1][b].value, 1e-12));
  EXPECT_EQ(to_caller_order(reversed, to_sweep_order(reversed, problem.truth.y)), problem.truth.y);
  EXPECT_EQ(to_sweep_order(reversed, problem.truth.y).front(), problem.truth.y.back());
}

TEST(DataFit, MismatchedPartsAreRefused) {
  const SensingProblem problem(planted(4));
  std::vector<double> y = problem.truth.y;
  const std::vector<bool> none(y.size(), false);
  EXPECT_THROW(data_fit(*problem.A, *problem.model, *problem.loss, y, none), std::invalid_argument);
  EXPECT_THROW(data_fit(*problem.A, *problem.model, *problem.loss, y, {true}), std::invalid_argument);
  const auto other = factor_pair({4, 6, 2});
  EXPECT_THROW(data_fit(*problem.A, *other, *problem.loss, y), std::invalid_argument);
  y[1] = std::nan("");
  EXPECT_THROW(data_fit(*problem.A, *problem.model, *problem.loss, y), std::invalid_argument);
  y.pop_back();
  EXPECT_THROW(data_fit(*problem.A, *problem.model, *problem.loss, y), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
