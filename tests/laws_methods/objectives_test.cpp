// The objectives beside the data fit: corruption as parameters, and the population loss of a known truth.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "gossan/linalg.hpp"
#include "gossan/run.hpp"
#include "method_problem.hpp"

namespace gossan {
namespace {

GenerateSenseOptions planted(Index cols, Index measurements = 131) {
  GenerateSenseOptions options;
  options.rows = 6;
  options.cols = cols;
  options.rank = 2;
  options.measurements = measurements;
  return options;
}

// <g, d> against a central difference along a random d.
void expect_gradient(Objective& objective, const Params& theta, std::uint64_t seed) {
  Params gradient = zeros(objective.layout());
  objective.evaluate(theta, &gradient, 0);
  const Params d = random_params(objective.layout(), seed);
  constexpr double h = 1e-6;
  Params ahead = theta, behind = theta;
  add_scaled(ahead, h, d);
  add_scaled(behind, -h, d);
  const double slope = (objective.evaluate(ahead, nullptr, 0) - objective.evaluate(behind, nullptr, 0)) / (2 * h);
  EXPECT_NEAR(dot(gradient, d), slope, 1e-6 * (1 + std::abs(slope)));
}

TEST(DoubleOverParameterisedFit, AgreesWithTheDefinition) {
  for (const Index cols : {Index(0), Index(4)}) {
    const SensingProblem problem(planted(cols), 0, squared());
    std::vector<bool> fitted(131, true);
    for (std::size_t e = 0; e < fitted.size(); e += 3) fitted[e] = false;
    const auto objective = double_over_parameterised_fit(*problem.A, *problem.model, *problem.loss, problem.truth.y, fitted);
    const Params theta = random_params(objective->layout(), 1);
    const std::size_t blocks = theta.size();
    const Matrix X = theta[0].value * theta[blocks - 3].value.transpose();
    double sum = 0, count = 0;
    Params gradient = zeros(objective->layout());
    const double f = objective->evaluate(theta, &gradient, 0);
    for (Index e = 0; e < 131; ++e) {
      const double g = theta[blocks - 2].value(e), h = theta[blocks - 1].value(e);
      const double z = problem.truth.A.row(e).dot(Eigen::Map<const Vector>(X.data(), X.size()));
      const double r = z + g * g - h * h - problem.truth.y[static_cast<std::size_t>(e)];
      const bool used = fitted[static_cast<std::size_t>(e)];
      sum += used ? r * r / 2 : 0;
      count += used ? 1 : 0;
      if (!used) {
        EXPECT_EQ(gradient[blocks - 2].value(e), 0);
      }
    }
    EXPECT_NEAR(f, sum / count, 1e-12 * f);
    EXPECT_EQ(objective->evaluate(theta, nullptr, 0), f);
    expect_gradient(*objective, theta, 2);
  }
}

TEST(DoubleOverParameterisedFit, WithoutCorruptionItIsTheDataFit) {
  const SensingProblem problem(planted(4));
  const std::vector<bool> all(131, true);
  const auto objective = double_over_parameterised_fit(*problem.A, *problem.model, *problem.loss, problem.truth.y, all);
  Params theta = zeros(objective->layout());
  const Params plain = problem.random_theta(3);
  for (std::size_t b = 0; b < plain.size(); ++b) theta[b].value = plain[b].value;
  Params gradient = zeros(objective->layout()), plain_gradient = zeros(problem.model->layout());
  EXPECT_NEAR(objective->evaluate(theta, &gradient, 0), problem.objective->evaluate(plain, &plain_gradient, 0), 1e-13);
  for (std::size_t b = 0; b < plain.size(); ++b) {
    EXPECT_TRUE(gradient[b].value.isApprox(plain_gradient[b].value, 1e-12));
  }
  const auto norm = [](Objective& of) { return dynamic_cast<AdjointNorm&>(of).adjoint_norm(); };
  EXPECT_NEAR(norm(*objective), norm(*problem.objective), 1e-10);
}

TEST(DoubleOverParameterisedFit, MismatchedPartsAreRefused) {
  const SensingProblem problem(planted(4));
  const auto make = [&](Model& model, std::size_t y, std::size_t fitted) {
    return double_over_parameterised_fit(*problem.A, model, *problem.loss, std::span(problem.truth.y).first(y),
                                         std::vector<bool>(fitted, true));
  };
  EXPECT_THROW(make(*problem.model, 130, 131), std::invalid_argument);
  EXPECT_THROW(make(*problem.model, 131, 130), std::invalid_argument);
  const auto other = factor_pair({4, 6, 2});
  EXPECT_THROW(make(*other, 131, 131), std::invalid_argument);
}

TEST(Population, IsTheDistanceToTheTruth) {
  for (const Index cols : {Index(0), Index(4)}) {
    const SensingProblem problem(planted(cols));
    const auto objective = population(problem.truth.X, *problem.model);
    const Params theta = problem.random_theta(1);
    Params gradient = zeros(objective->layout());
    const double phi = std::sqrt(2 / std::numbers::pi);
    EXPECT_NEAR(objective->evaluate(theta, &gradient, 0), phi * problem.error(theta), 1e-13);
    expect_gradient(*objective, theta, 2);
    const Factors at = problem.model->factors(theta);
    const Matrix error = at.L * at.R.transpose() - problem.truth.X;
    EXPECT_NEAR(dynamic_cast<AdjointNorm&>(*objective).adjoint_norm(), phi * spectral_norm(error) / error.norm(), 1e-10);
  }
}

TEST(Population, IsWhatTheAbsoluteLossOfCleanDataTendsTo) {
  GenerateSenseOptions options = planted(4, 40000);
  options.corrupted = 0;
  const SensingProblem problem(options);
  const auto objective = population(problem.truth.X, *problem.model);
  const Params theta = problem.random_theta(1);
  const double f = objective->evaluate(theta, nullptr, 0);
  EXPECT_NEAR(problem.objective->evaluate(theta, nullptr, 0), f, 0.02 * f);
}

TEST(Population, RestsAtTheTruth) {
  const Matrix F = Matrix::Identity(3, 1);
  const auto model = symmetric_factor({3, 3, 1});
  const auto objective = population(F * F.transpose(), *model);
  const Params truth{{"U", F}};
  Params gradient = truth;
  EXPECT_EQ(objective->evaluate(truth, &gradient, 0), 0);
  EXPECT_EQ(norm(gradient), 0);
}

// The oracle's steps on the population loss are gradient descent on ||U U^T - X||^2 / 4 with the constant step sqrt(2 / pi) eta.
TEST(Population, OracleStepsAreGradientDescentOnTheSquaredDistance) {
  const SensingProblem problem(planted(0));
  const auto objective = population(problem.truth.X, *problem.model);
  const ScheduleContext context(objective.get(), problem.model.get(), &problem.truth.X);
  const auto method = subgradient({}, oracle({.step = 0.3}, context));
  const Params start = problem.random_theta(1);
  const Result result = minimise(*objective, *method, start, {.max_iterations = 10});
  Matrix U = start[0].value;
  for (int k = 0; k < 10; ++k) U -= (0.3 * std::sqrt(2 / std::numbers::pi) * (U * U.transpose() - problem.truth.X) * U).eval();
  EXPECT_LT((result.theta[0].value - U).norm(), 1e-13 * U.norm());
}

TEST(Population, BadTruthsAreRefused) {
  const auto model = factor_pair({3, 2, 1});
  EXPECT_THROW(population(Matrix::Zero(2, 3), *model), std::invalid_argument);
  EXPECT_THROW(population(Matrix::Constant(3, 2, std::nan("")), *model), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
