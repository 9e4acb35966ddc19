// What every method of the table must do, whatever its rule.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <Eigen/QR>
#include <cmath>

#include "gossan/run.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

GenerateSenseOptions planted(Index cols) {
  GenerateSenseOptions options;
  options.rows = 7;
  options.cols = cols;
  options.rank = 2;
  options.condition = 3;
  options.measurements = 200;
  options.seed = 5;
  return options;
}

// One symmetric factor, and a pair.
const std::vector<Index> kCols{0, 5};

void rotate(Params& theta, const Matrix& Q) {
  for (Block& block : theta) block.value = (block.value * Q).eval();
}

TEST(MethodLaws, TheSolutionOfASharpProblemStaysPut) {
  // Small integers: the residuals at the truth are exactly 0.
  constexpr Index side = 4;
  std::vector<Index> i, j;
  for (Index e = 0; e < side * side; ++e) {
    i.push_back(e / side);
    j.push_back(e % side);
  }
  const auto A = entries(side, side, i, j);
  const auto model = symmetric_factor({side, side, 2});
  Params truth = zeros(model->layout());
  truth[0].value << 1, 0, 2, 1, -1, 3, 0, 1;
  std::vector<double> y(i.size());
  predict(*A, truth[0].value, truth[0].value, y);
  const auto loss = absolute();
  const auto objective = data_fit(*A, *model, *loss, y);
  for (const auto& row : methods()) {
    SCOPED_TRACE(row.name);
    const auto method = row.make({}, constant({.step = 0.1}, objective.get()));
    const Result result = minimise(*objective, *method, truth, {.max_iterations = 3});
    EXPECT_EQ(result.status, Status::converged);
    EXPECT_EQ(result.f, 0);
    EXPECT_EQ(result.theta[0].value, truth[0].value);
  }
}

TEST(MethodLaws, RotatingTheFactorsRotatesTheTrajectory) {
  const Matrix Q = Eigen::HouseholderQR<Eigen::MatrixXd>(normal_matrix(2, 2, Random(1, 1))).householderQ();
  for (const Index cols : kCols) {
    const SensingProblem problem(planted(cols));
    for (const auto& row : methods()) {
      SCOPED_TRACE(row.name);
      const auto end = [&](Params theta) {
        const auto method = row.make({}, normalised_geometric({.step = 0.05, .ratio = 0.95}, problem.objective.get()));
        return minimise(*problem.objective, *method, std::move(theta), {.max_iterations = 6}).theta;
      };
      Params start = problem.random_theta(1);
      Params straight = end(start);
      rotate(start, Q);
      const Params rotated = end(start);
      rotate(straight, Q);
      add_scaled(straight, -1, rotated);
      EXPECT_LT(norm(straight), 1e-11 * norm(rotated));
    }
  }
}

TEST(MethodLaws, ShortStepsDescend) {
  for (const Index cols : kCols) {
    const SensingProblem problem(planted(cols), 0, huber({.delta = 10}));
    for (const auto& row : methods()) {
      SCOPED_TRACE(row.name);
      const Params start = problem.random_theta(2);
      const double before = problem.objective->evaluate(start, nullptr, 0);
      const auto method = row.make({}, constant({.step = 0.02}, problem.objective.get()));
      double previous = before;
      Index rises = 0;
      const std::vector<Observer> watch{[&](const Iterate& at) -> std::optional<Status> {
        rises += at.f > previous ? 1 : 0;
        previous = at.f;
        return std::nullopt;
      }};
      const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 60}, watch);
      EXPECT_LT(result.f, 0.9 * before);
      EXPECT_LE(rises, row.name == "momentum" ? 30 : 0);
    }
  }
}

// The reported norm is dual to the metric of the step: f falls at the rate norm^2, which is what Polyak's rule rests on.
TEST(MethodLaws, TheFirstStepFallsAtTheSquareOfTheReportedNorm) {
  constexpr double h = 1e-6;
  for (const Index cols : kCols) {
    const SensingProblem problem(planted(cols), 0, squared());
    for (const auto& row : methods()) {
      SCOPED_TRACE(row.name);
      const auto slope_and_norm = [&](double step) {
        Params theta = problem.random_theta(3);
        const auto method = row.make({}, [step](const StepView&) { return step; });
        method->start(problem.model->layout());
        const StepView view = method->step(*problem.objective, 0, theta);
        return std::pair(problem.objective->evaluate(theta, nullptr, 0), view.gradient_norm);
      };
      const auto [ahead, norm] = slope_and_norm(h);
      const auto [behind, same_norm] = slope_and_norm(-h);
      EXPECT_EQ(norm, same_norm);
      EXPECT_NEAR((behind - ahead) / (2 * h), norm * norm, 1e-6 * norm * norm);
    }
  }
}

TEST(MethodLaws, PolyakSolvesCleanProblemsWithEveryMethodThatTakesPureGradientSteps) {
  for (const Index cols : kCols) {
    GenerateSenseOptions options = planted(cols);
    options.corrupted = 0;
    const SensingProblem problem(options);
    for (const auto& row : methods()) {
      if (row.name == "momentum") continue;  // Polyak's length is that of a step along -g
      SCOPED_TRACE(row.name);
      const auto method = row.make({}, polyak({.f_min = 0}, nullptr));
      const Result result = minimise(*problem.objective, *method, problem.random_theta(4), {.max_iterations = 800});
      EXPECT_LT(problem.error(result.theta), 1e-8);
    }
  }
}

TEST(Subgradient, StepsAlongTheGradient) {
  const SensingProblem problem(planted(5));
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
  const SensingProblem problem(planted(0), 0, squared());
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
  const SensingProblem problem(planted(0));
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

TEST(ScaledSubgradient, DividesByTheGramMatrixOfTheOldPartner) {
  const SensingProblem problem(planted(5));
  const Params start = problem.random_theta(9);
  Params gradient = zeros(problem.model->layout());
  problem.objective->evaluate(start, &gradient, 0);
  const Matrix &L = start[0].value, &R = start[1].value;
  const Matrix damping = 0.3 * Matrix::Identity(2, 2);
  const Matrix L1 = L - 0.1 * gradient[0].value * (R.transpose() * R + damping).inverse();
  const Matrix R1 = R - 0.1 * gradient[1].value * (L.transpose() * L + damping).inverse();

  const auto method = scaled_subgradient({.damping = 0.3}, constant({.step = 0.1}, nullptr));
  const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 1});
  EXPECT_TRUE(result.theta[0].value.isApprox(L1, 1e-12));
  EXPECT_TRUE(result.theta[1].value.isApprox(R1, 1e-12));
}

TEST(ScaledSubgradient, ASingularGramMatrixDropsItsEmptyDirections) {
  GenerateSenseOptions options = planted(0);
  options.corrupted = 0;
  const SensingProblem problem(options, 4);
  Params start = zeros(problem.model->layout());
  start[0].value.leftCols(2) = problem.random_theta(10)[0].value.leftCols(2);
  const auto method = scaled_subgradient({}, polyak({.f_min = 0}, nullptr));
  const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 500});
  EXPECT_LT(problem.error(result.theta), 1e-8);
  EXPECT_EQ(result.theta[0].value.rightCols(2), (Matrix::Zero(7, 2)));
}

TEST(ScaledSubgradient, RefusesOtherLayouts) {
  const auto method = scaled_subgradient({}, constant({}, nullptr));
  EXPECT_THROW(method->start({{"L", 3, 2}, {"R", 3, 1}}), std::invalid_argument);
  EXPECT_THROW(method->start({{"a", 3, 2}, {"b", 3, 2}, {"c", 3, 2}}), std::invalid_argument);
}

TEST(MethodOptions, AreChecked) {
  EXPECT_THROW(momentum({.beta = 1}, constant({}, nullptr)), std::invalid_argument);
  EXPECT_THROW(scaled_subgradient({.damping = -1}, constant({}, nullptr)), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
