#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "gossan/schedules.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

Settings needed(const std::string& schedule) { return schedule == "polyak" ? Settings{{"f_min", "0.01"}} : Settings{}; }

class ScheduleLaws : public testing::Test {
 protected:
  static GenerateSenseOptions planted() {
    GenerateSenseOptions options;
    options.rows = 6;
    options.rank = 2;
    return options;
  }
  SensingProblem problem{planted()};
  Params theta = problem.random_theta(1);
  Params gradient = zeros(problem.model->layout());
  void SetUp() override { problem.objective->evaluate(theta, &gradient, 0); }
};

TEST_F(ScheduleLaws, StepsArePositiveAndFinite) {
  for (const auto& row : schedules()) {
    const Schedule schedule = row.make(needed(row.name), {problem.objective.get(), problem.model.get(), &problem.truth.X});
    for (const Index k : {0, 1, 17, 1000}) {
      const double step = schedule({.k = k, .f = 0.7, .gradient_norm = 0.3, .theta = &theta});
      EXPECT_GT(step, 0) << row.name << " at " << k;
      EXPECT_TRUE(std::isfinite(step)) << row.name << " at " << k;
    }
  }
}

TEST_F(ScheduleLaws, GeometricAndDiminishingFall) {
  for (const std::string name : {"geometric", "normalised-geometric", "gradient-normalised-geometric", "diminishing"}) {
    const Schedule schedule = find(schedules(), name, "schedule").make({}, problem.objective.get());
    double before = std::numeric_limits<double>::infinity();
    for (Index k = 0; k < 50; ++k) {
      const double step = schedule({.k = k, .f = 1, .gradient_norm = 1});
      EXPECT_LT(step, before) << name << " at " << k;
      before = step;
    }
  }
}

TEST_F(ScheduleLaws, HandValues) {
  EXPECT_EQ(constant({.step = 0.3}, nullptr)({.k = 9}), 0.3);
  EXPECT_DOUBLE_EQ(geometric({.step = 2, .ratio = 0.5}, nullptr)({.k = 3}), 0.25);
  EXPECT_DOUBLE_EQ(gradient_normalised_geometric({.step = 2, .ratio = 0.5}, nullptr)({.k = 3, .gradient_norm = 4}), 0.0625);
  EXPECT_DOUBLE_EQ(loss_proportional({.step = 0.5}, nullptr)({.k = 3, .f = 8}), 2);
  EXPECT_DOUBLE_EQ(diminishing({.step = 6, .power = 0.5}, nullptr)({.k = 8}), 2);
  EXPECT_DOUBLE_EQ(polyak({.f_min = 1, .scale = 0.5}, nullptr)({.k = 3, .f = 9, .gradient_norm = 2}), 1);
}

// Eq. 10 of Ma & Fattahi: eta rho^k over the spectral norm of Q = (1/n) sum Sign(r_i) A_i, not symmetrised.
TEST_F(ScheduleLaws, NormalisedGeometricDividesByTheNormOfTheAdjoint) {
  const Factors at = problem.model->factors(theta);
  std::vector<double> w(problem.truth.y.size());
  predict(*problem.A, at.L, at.R, w);
  for (std::size_t e = 0; e < w.size(); ++e) {
    const double r = w[e] - problem.truth.y[e];
    w[e] = static_cast<double>((r > 0) - (r < 0)) / static_cast<double>(w.size());
  }
  const double norm = spectral_norm(whole_adjoint(*problem.A, w));
  const Schedule schedule = normalised_geometric({.step = 0.5, .ratio = 0.9}, problem.objective.get());
  EXPECT_NEAR(schedule({.k = 4, .f = 1, .gradient_norm = 1}), 0.5 * std::pow(0.9, 4) / norm, 1e-9);
}

TEST_F(ScheduleLaws, NothingToDoIsNoStep) {
  EXPECT_EQ(polyak({.f_min = 1}, nullptr)({.f = 1, .gradient_norm = 1}), 0);
  EXPECT_EQ(polyak({.f_min = 1}, nullptr)({.f = 0.5, .gradient_norm = 1}), 0);
  EXPECT_EQ(polyak({.f_min = 0}, nullptr)({.f = 1, .gradient_norm = 0}), 0);
  EXPECT_EQ(gradient_normalised_geometric({}, nullptr)({.f = 1, .gradient_norm = 0}), 0);
  const std::vector<double> y(static_cast<std::size_t>(problem.A->measurements()), 0.0);
  const auto at_rest = data_fit(*problem.A, *problem.model, *problem.loss, y);
  Params zero = zeros(problem.model->layout());
  at_rest->evaluate(zero, &gradient, 0);
  EXPECT_EQ(normalised_geometric({}, at_rest.get())({.f = 0, .gradient_norm = 0}), 0);
}

TEST_F(ScheduleLaws, PolyakRefusesWithoutTheLeastValueAndSaysHowToGiveIt) {
  try {
    find(schedules(), "polyak", "schedule").make({}, problem.objective.get());
    FAIL() << "polyak ran without f_min";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("--f-min"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("schedule.f_min"), std::string::npos);
  }
}

TEST_F(ScheduleLaws, TheOracleMeasuresTheDistanceToTheTruth) {
  const ScheduleContext context(problem.objective.get(), problem.model.get(), &problem.truth.X);
  const Schedule schedule = oracle({.step = 0.5}, context);
  EXPECT_DOUBLE_EQ(schedule({.theta = &theta}), 0.25 * problem.error(theta));
  Params more = theta;  // blocks of the objective's own follow the model's
  more.push_back({"g", Matrix::Ones(9, 1)});
  EXPECT_DOUBLE_EQ(schedule({.theta = &more}), 0.25 * problem.error(theta));
}

TEST_F(ScheduleLaws, TheOracleRefusesWithoutATruthOfTheRightShape) {
  const auto refusal = [](const ScheduleContext& context) -> std::string {
    try {
      oracle({}, context);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(refusal(problem.objective.get()).find("--truth"), std::string::npos);
  const Matrix other = Matrix::Ones(6, 5);
  EXPECT_NE(refusal({problem.objective.get(), problem.model.get(), &other}).find("6 x 5"), std::string::npos);
}

TEST_F(ScheduleLaws, EveryNeedIsRefusedByItsRow) {
  for (const auto& row : schedules()) {
    if (row.needs.empty()) continue;
    SCOPED_TRACE(row.name);
    try {
      row.make({}, problem.objective.get());
      FAIL() << "it ran without " << to_string(row.needs.front());
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(row.name + ": needs " + to_string(row.needs.front())), std::string::npos);
    }
  }
}

TEST_F(ScheduleLaws, NormalisedGeometricNeedsAnObjectiveWithAnAdjoint) {
  EXPECT_THROW(normalised_geometric({}, nullptr), std::invalid_argument);
}

TEST_F(ScheduleLaws, BadOptionsAreRefused) {
  EXPECT_THROW(constant({.step = 0}, nullptr), std::invalid_argument);
  EXPECT_THROW(geometric({.step = 1, .ratio = 1.1}, nullptr), std::invalid_argument);
  EXPECT_THROW(geometric({.step = 1, .ratio = 0}, nullptr), std::invalid_argument);
  EXPECT_THROW(loss_proportional({.step = -1}, nullptr), std::invalid_argument);
  EXPECT_THROW(diminishing({.step = 1, .power = -0.5}, nullptr), std::invalid_argument);
  EXPECT_THROW(polyak({.f_min = 0, .scale = 0}, nullptr), std::invalid_argument);
  EXPECT_THROW(gradient_normalised_geometric({.step = 1, .ratio = 0}, nullptr), std::invalid_argument);
  const ScheduleContext context(problem.objective.get(), problem.model.get(), &problem.truth.X);
  EXPECT_THROW(oracle({.step = 0}, context), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
