// Each method's own update, against its equation.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "gossan/init.hpp"
#include "gossan/run.hpp"
#include "laws_methods/small_instance.hpp"
#include "method_problem.hpp"

namespace gossan {
namespace {

// One symmetric factor, and a pair.
const std::vector<Index> update_cols{0, 5};

TEST(Subgradient, StepsAlongTheGradient) {
  const SensingProblem problem(small_instance(5));
  const Params start = problem.random_theta(6);
  Params gradient = zeros(problem.model->layout());
  problem.objective->evaluate(start, &gradient, 0);
  const auto method = subgradient({}, constant({.step = 0.25}, nullptr));
  Params theta = start;
  method->start(problem.model->layout());
  const StepView view = method->step(*problem.objective, 0, theta);
  for (std::size_t b = 0; b < theta.size(); ++b) {
    EXPECT_TRUE(theta[b].value.isApprox(start[b].value - 0.25 * gradient[b].value, 1e-14));
  }
  EXPECT_DOUBLE_EQ(view.gradient_norm, norm(gradient));
}

TEST(Subgradient, RowScalesScaleTheStepAndTheMetric) {
  const SensingProblem problem(small_instance(0), 0, squared());
  const Vector scale = Vector::LinSpaced(7, 0.5, 3.5);
  const Params start = problem.random_theta(7);
  Params gradient = zeros(problem.model->layout());
  problem.objective->evaluate(start, &gradient, 0);
  const auto method = subgradient({.row_scale = scale}, constant({.step = 0.25}, nullptr));
  Params theta = start;
  method->start(problem.model->layout());
  const StepView view = method->step(*problem.objective, 0, theta);
  const Matrix direction = scale.asDiagonal() * gradient[0].value;
  EXPECT_TRUE(theta[0].value.isApprox(start[0].value - 0.25 * direction, 1e-14));
  EXPECT_NEAR(view.gradient_norm * view.gradient_norm, direction.cwiseProduct(gradient[0].value).sum(), 1e-12);

  EXPECT_THROW(subgradient({.row_scale = Vector::Zero(7)}, constant({}, nullptr)), std::invalid_argument);
  const auto too_short = subgradient({.row_scale = Vector::Ones(3)}, constant({}, nullptr));
  EXPECT_THROW(too_short->start(problem.model->layout()), std::invalid_argument);
}

TEST(Momentum, FollowsTheHeavyBall) {
  const SensingProblem problem(small_instance(0));
  const Params start = problem.random_theta(8);
  Params g0 = zeros(problem.model->layout()), g1 = g0;
  problem.objective->evaluate(start, &g0, 0);
  Params middle = start;
  add_scaled(middle, -0.1, g0);
  problem.objective->evaluate(middle, &g1, 1);
  const Matrix expected = middle[0].value - 0.1 * (0.5 * g0[0].value + g1[0].value);

  const auto method = momentum({.beta = 0.5}, constant({.step = 0.1}, nullptr));
  const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 2});
  EXPECT_TRUE(result.theta[0].value.isApprox(expected, 1e-13));
}

// --- preconditioned
// --------------------------------------------------------------------------------------------------------------

// One step by the definition, every damping given.
Params by_hand(const SensingProblem& problem, const Params& start, double damping, double step) {
  Params gradient = zeros(problem.model->layout()), theta = start;
  problem.objective->evaluate(start, &gradient, 0);
  for (std::size_t b = 0; b < theta.size(); ++b) {
    const Matrix& F = start[start.size() - 1 - b].value;
    const Matrix P = F.transpose() * F + damping * Matrix::Identity(F.cols(), F.cols());
    theta[b].value -= step * gradient[b].value * P.inverse();
  }
  return theta;
}

double undamped_norm(const SensingProblem& problem, const Params& start) {
  Params gradient = zeros(problem.model->layout());
  problem.objective->evaluate(start, &gradient, 0);
  double square = 0;
  for (std::size_t b = 0; b < start.size(); ++b) {
    const Matrix& F = start[start.size() - 1 - b].value;
    square += (gradient[b].value * Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(F.transpose() * F).operatorInverseSqrt())
                  .squaredNorm();
  }
  return std::sqrt(square);
}

TEST(Preconditioned, DividesByTheGramMatrixOfTheOldPartner) {
  for (const Index cols : update_cols) {
    const SensingProblem problem(small_instance(cols), 0, squared());
    const Params start = problem.random_theta(9);
    const double f = problem.objective->evaluate(start, nullptr, 0);
    const auto schedule = constant({.step = 0.1}, nullptr);
    const auto expect_damping = [&](std::unique_ptr<Method> method, double damping) {
      const Params expected = by_hand(problem, start, damping, 0.1);
      const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 1});
      for (std::size_t b = 0; b < expected.size(); ++b) {
        EXPECT_TRUE(result.theta[b].value.isApprox(expected[b].value, 1e-11)) << damping;
      }
    };
    expect_damping(scaled_sm({}, schedule), 0);
    expect_damping(scaled_gd({}, schedule), 0);
    expect_damping(scaled_gd_lambda({.damping = 0.3}, schedule), 0.3);
    expect_damping(opsa({.damping = 2}, schedule), 2);
    expect_damping(prec_gd({.damping = "loss"}, schedule), std::sqrt(f));
    expect_damping(prec_gd({.damping = "gradient"}, schedule), undamped_norm(problem, start));
  }
}

TEST(Preconditioned, ASingularGramMatrixDropsItsEmptyDirections) {
  GenerateSenseOptions options = small_instance(0);
  options.corrupted = 0;
  const SensingProblem problem(options, 4);
  Params start = zeros(problem.model->layout());
  start[0].value.leftCols(2) = problem.random_theta(10)[0].value.leftCols(2);
  const auto method = scaled_sm({}, polyak({.f_min = 0}, nullptr));
  const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 500});
  EXPECT_LT(problem.error(result.theta), 1e-8);
  EXPECT_EQ(result.theta[0].value.rightCols(2), (Matrix::Zero(7, 2)));
}

TEST(Preconditioned, OtherLayoutsAreRefused) {
  for (const char* name : {"scaled-sm", "scaled-gd", "scaled-gd-lambda", "prec-gd", "opsa", "alternating-gauss-newton"}) {
    const auto method = find(methods(), name, "method").make({}, constant({}, nullptr));
    EXPECT_THROW(method->start({{"L", 3, 2}, {"R", 3, 1}}), std::invalid_argument) << name;
    EXPECT_THROW(method->start({{"a", 3, 2}, {"b", 3, 2}, {"c", 3, 2}}), std::invalid_argument) << name;
  }
}

TEST(AlternatingGaussNewton, StepsOnRWithTheGradientAtTheNewL) {
  const SensingProblem problem(small_instance(5), 0, squared());
  const Params start = problem.random_theta(9);
  Params gradient = zeros(problem.model->layout()), expected = start;
  Matrix &L = expected[0].value, &R = expected[1].value;
  problem.objective->evaluate(start, &gradient, 0);
  L -= 0.7 * gradient[0].value * (R.transpose() * R).inverse();
  problem.objective->evaluate(expected, &gradient, 0);
  R -= 0.7 * gradient[1].value * (L.transpose() * L).inverse();
  const auto method = alternating_gauss_newton({}, constant({.step = 0.7}, nullptr));
  const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 1});
  EXPECT_TRUE(result.theta[0].value.isApprox(L, 1e-11));
  EXPECT_TRUE(result.theta[1].value.isApprox(R, 1e-11));
}

TEST(AlternatingGaussNewton, RefusesASymmetricFactorAndSaysWhatToChoose) {
  try {
    alternating_gauss_newton({}, constant({}, nullptr))->start({{"U", 3, 2}});
    FAIL() << "it took one block";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("factor-pair"), std::string::npos);
  }
}

// --- double over-parameterisation
// --------------------------------------------------------------------------------------------------

TEST(DoubleOverParameterisation, TakesStepsOfTheirOwnOnTheCorruption) {
  const SensingProblem problem(small_instance(0), 0, squared());
  const auto objective = double_over_parameterised_fit(*problem.A, *problem.model, *problem.loss, problem.truth.y,
                                                       std::vector<bool>(problem.truth.y.size(), true));
  const Params start = random_params(objective->layout(), 6);
  Params gradient = zeros(objective->layout());
  objective->evaluate(start, &gradient, 0);
  const double tau = 0.5 * std::sqrt(200.0 * 7.0);
  const auto method = double_over_parameterisation({.ratio = 0.5}, constant({.step = 0.01}, nullptr));
  const Params theta = minimise(*objective, *method, start, {.max_iterations = 1}).theta;
  for (std::size_t b = 0; b < theta.size(); ++b) {
    const double step = b == 0 ? 0.01 : tau * 0.01;
    EXPECT_TRUE(theta[b].value.isApprox(start[b].value - step * gradient[b].value, 1e-13)) << theta[b].name;
  }
}

TEST(DoubleOverParameterisation, RefusesLayoutsWithoutCorruption) {
  const auto method = double_over_parameterisation({}, constant({}, nullptr));
  EXPECT_THROW(method->start({{"U", 3, 2}}), std::invalid_argument);
  EXPECT_THROW(method->start({{"L", 3, 2}, {"R", 3, 2}, {"h", 9, 1}}), std::invalid_argument);
}

// --- perturbed gradient descent
// ----------------------------------------------------------------------------------------------------

TEST(PerturbedGd, AddsAVectorOfTheBallAtEveryMultiple) {
  const SensingProblem problem(small_instance(5), 0, squared());
  const auto after = [&](PerturbedGdOptions options, Index k) {
    const auto method = perturbed_gd(options, constant({.step = 0.1}, nullptr));
    Params theta = problem.random_theta(7);
    method->start(problem.model->layout());
    method->step(*problem.objective, k, theta);
    return theta;
  };
  const auto noise = [&](PerturbedGdOptions options, Index k) {
    Params moved = after(options, k);
    add_scaled(moved, -1, after({.radius = 0}, k));
    return norm(moved);
  };
  double largest = 0;
  for (Index k = 0; k < 12; ++k) {
    const double length = noise({.radius = 0.5, .every = 3}, k);
    EXPECT_EQ(length > 0, k % 3 == 0) << k;
    EXPECT_LE(length, 0.5 * (1 + 1e-12));
    largest = std::max(largest, length);
  }
  EXPECT_GT(largest, 0.4);  // of 24 dimensions: almost all of the ball lies near its surface
  EXPECT_EQ(after({.radius = 0.5, .seed = 3}, 4)[0].value, after({.radius = 0.5, .seed = 3}, 4)[0].value);
  EXPECT_NE(after({.radius = 0.5, .seed = 3}, 4)[0].value, after({.radius = 0.5, .seed = 4}, 4)[0].value);
  EXPECT_NE(noise({.radius = 0.5, .seed = 3}, 4), noise({.radius = 0.5, .seed = 3}, 5));
}

// The best approximation of rank 1 is a saddle of the squared loss, of full rows' measurements exactly: its columns of zeros are
// left by a perturbation alone, and what is left of that in the end falls with its radius.
TEST(PerturbedGd, LeavesASaddleThatGradientDescentNeverLeaves) {
  constexpr Index side = 6;
  const auto A = full(side, side);
  const auto model = symmetric_factor({side, side, side});
  Matrix U = Matrix::Zero(side, side);
  U(0, 0) = 1;
  U(1, 1) = 0.8;
  const Matrix X = U * U.transpose();
  const std::vector<double> y(X.data(), X.data() + X.size());
  const auto loss = squared();
  const auto objective = data_fit(*A, *model, *loss, y);
  Params saddle = zeros(model->layout());
  saddle[0].value(0, 0) = 1;
  const auto error = [&](double radius) {
    const auto method = perturbed_gd({.radius = radius}, constant({.step = 2}, nullptr));
    const Result result = minimise(*objective, *method, saddle, {.max_iterations = 2000});
    return (result.theta[0].value * result.theta[0].value.transpose() - X).norm();
  };
  EXPECT_NEAR(error(0), 0.64, 1e-14);
  EXPECT_LT(error(1e-4), 1e-2);
  EXPECT_LT(error(1e-8), 1e-6);
  EXPECT_LT(error(1e-12), 1e-10);
}

TEST(MethodOptions, AreChecked) {
  const Schedule schedule = constant({}, nullptr);
  EXPECT_THROW(momentum({.beta = 1}, schedule), std::invalid_argument);
  EXPECT_THROW(scaled_gd_lambda({.damping = 0}, schedule), std::invalid_argument);
  EXPECT_THROW(opsa({.damping = -1}, schedule), std::invalid_argument);
  EXPECT_THROW(prec_gd({.damping = "none"}, schedule), std::invalid_argument);
  EXPECT_THROW(double_over_parameterisation({.ratio = 0}, schedule), std::invalid_argument);
  EXPECT_THROW(perturbed_gd({.radius = -1}, schedule), std::invalid_argument);
  EXPECT_THROW(perturbed_gd({.every = 0}, schedule), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
