// What every method of the table must do, whatever its rule.
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
const std::vector<Index> kCols{0, 5};

// The factors, and no block of the objective's own.
void rotate(Params& theta, const Matrix& Q) {
  for (Block& block : theta) {
    if (block.value.cols() == Q.rows()) block.value = (block.value * Q).eval();
  }
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
  Matrix F(side, 2);
  F << 1, 0, 2, 1, -1, 3, 0, 1;
  std::vector<double> y(i.size());
  predict(*A, F, F, y);
  const auto loss = absolute();
  for (const auto& model_row : models()) {
    if (model_row.name == "deep-product") continue;  // its factors are no F: deep_product_test
    const auto model = model_row.make({}, {side, side, 2});
    for (const auto& row : methods()) {
      if (!row.companions.model.empty() && row.companions.model != model_row.name) continue;
      SCOPED_TRACE(row.name + " with " + model_row.name);
      const auto objective = row.companions.objective(*A, *model, *loss, y, std::vector<bool>(y.size(), true));
      Params truth = zeros(objective->layout());
      for (std::size_t b = 0; b < model->layout().size(); ++b) truth[b].value = F;
      if (model_row.name == "full-matrix") truth[0].value = F * F.transpose();
      const Matrix first = truth[0].value;
      const auto method = row.make(undisturbed(row), constant({.step = 0.1}, objective.get()));
      const Result result = minimise(*objective, *method, truth, {.max_iterations = 3});
      EXPECT_EQ(result.status, Status::converged);
      EXPECT_EQ(result.f, 0);
      EXPECT_EQ(result.theta[0].value, first);
    }
  }
}

TEST(MethodLaws, RotatingTheFactorsRotatesTheTrajectory) {
  const Matrix Q = Eigen::HouseholderQR<Eigen::MatrixXd>(normal_matrix(2, 2, Random(1, 1))).householderQ();
  for (const Index cols : kCols) {
    const SensingProblem problem(small_instance(cols));
    for (const auto& row : methods()) {
      if (!takes(row, problem)) continue;
      SCOPED_TRACE(row.name);
      const auto objective = objective_of(row, problem);
      const auto end = [&](Params theta) {
        const auto method = row.make(undisturbed(row), normalised_geometric({.step = 0.05, .ratio = 0.95}, objective.get()));
        return minimise(*objective, *method, std::move(theta), {.max_iterations = 6}).theta;
      };
      Params start = random_params(objective->layout(), 1);
      Params straight = end(start);
      rotate(start, Q);
      const Params rotated = end(start);
      rotate(straight, Q);
      add_scaled(straight, -1, rotated);
      EXPECT_LT(norm(straight), 1e-11 * norm(rotated));
    }
  }
}

// Undamped Gram matrices: L T and R T^{-T} are the same matrix X, and remain so for any T, however badly conditioned.
TEST(MethodLaws, ScaledMethodsAreIndifferentToTheBasisOfTheFactors) {
  const SensingProblem problem(small_instance(5));
  Matrix T(2, 2);
  T << 3, 1, -2, 0.5;
  const Matrix inverse_transposed = T.inverse().transpose();
  for (const char* name : {"scaled-sm", "scaled-gd", "alternating-gauss-newton"}) {
    SCOPED_TRACE(name);
    const auto end = [&](Params theta) {
      const auto schedule = gradient_normalised_geometric({.step = 0.3, .ratio = 0.9}, problem.objective.get());
      const auto method = find(methods(), name, "method").make({}, schedule);
      theta = minimise(*problem.objective, *method, std::move(theta), {.max_iterations = 6}).theta;
      return Matrix(theta[0].value * theta[1].value.transpose());
    };
    Params start = problem.random_theta(1);
    const Matrix X = end(start);
    start[0].value = (start[0].value * T).eval();
    start[1].value = (start[1].value * inverse_transposed).eval();
    EXPECT_LT((end(start) - X).norm(), 1e-11 * X.norm());
  }
}

TEST(MethodLaws, ShortStepsDescend) {
  for (const Index cols : kCols) {
    const SensingProblem problem(small_instance(cols), 0, huber({.delta = 10}));
    for (const auto& row : methods()) {
      if (!takes(row, problem)) continue;
      SCOPED_TRACE(row.name);
      const auto objective = objective_of(row, problem);
      const Params start = random_params(objective->layout(), 2);
      const double before = objective->evaluate(start, nullptr, 0);
      const auto method = row.make({}, constant({.step = 0.02}, objective.get()));
      double previous = before;
      Index rises = 0;
      const std::vector<Observer> watch{[&](const Iterate& at) -> std::optional<Status> {
        rises += at.f > previous ? 1 : 0;
        previous = at.f;
        return std::nullopt;
      }};
      const Result result = minimise(*objective, *method, start, {.max_iterations = 60}, watch);
      EXPECT_LT(result.f, 0.9 * before);
      EXPECT_LE(rises, row.name == "momentum" ? 30 : 0);
    }
  }
}

// The reported norm is dual to the metric of the step: f falls at the rate norm^2, which is what Polyak's rule rests on.
TEST(MethodLaws, TheFirstStepFallsAtTheSquareOfTheReportedNorm) {
  constexpr double h = 1e-6;
  for (const Index cols : kCols) {
    const SensingProblem problem(small_instance(cols), 0, squared());
    for (const auto& row : methods()) {
      if (!takes(row, problem)) continue;
      SCOPED_TRACE(row.name);
      const auto objective = objective_of(row, problem);
      const auto slope_and_norm = [&](double step) {
        Params theta = random_params(objective->layout(), 3);
        const auto method = row.make({}, [step](const StepView&) { return step; });
        method->start(objective->layout());
        const StepView view = method->step(*objective, 0, theta);
        return std::pair(objective->evaluate(theta, nullptr, 0), view.gradient_norm);
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
    GenerateSenseOptions options = small_instance(cols);
    options.corrupted = 0;
    for (const auto& row : methods()) {
      const SensingProblem problem(options, 0, find(losses(), row.companions.loss, "loss").make({}));
      if (!takes(row, problem)) continue;
      if (row.name == "momentum") continue;                      // Polyak's length is that of a step along -g
      if (row.name == "double-over-parameterisation") continue;  // many pairs of a matrix and a corruption explain the data
      SCOPED_TRACE(row.name);
      const auto method = row.make({}, polyak({.f_min = 0}, nullptr));
      const Result result = minimise(*problem.objective, *method, problem.random_theta(4), {.max_iterations = 800});
      EXPECT_LT(problem.error(result.theta), 1e-8);
    }
  }
}

TEST(MethodLaws, CompanionsAreRowsOfTheirTablesAndTheirSettingsOptionsOfThem) {
  for (const auto& row : methods()) {
    SCOPED_TRACE(row.name);
    const Companions& beside = row.companions;
    if (!beside.model.empty()) {
      EXPECT_NO_THROW(find(models(), beside.model, "model"));
    }
    EXPECT_NO_THROW(find(losses(), beside.loss, "loss"));
    for (const auto& [name, value] : beside.settings) {
      const bool of_schedule = name.starts_with("schedule.");
      EXPECT_TRUE(of_schedule || name.starts_with("init.")) << name;
      const auto& options = of_schedule ? find(schedules(), beside.schedule, "schedule").options
                                        : find(initialisations(), beside.init, "init").options;
      const std::string option = name.substr(name.find('.') + 1);
      EXPECT_TRUE(std::any_of(options.begin(), options.end(), [&](const auto& each) { return each.name == option; })) << name;
    }
  }
}

}  // namespace
}  // namespace gossan
