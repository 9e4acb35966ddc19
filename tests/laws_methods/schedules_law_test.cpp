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
  Params gradient = zeros(problem.model->layout());
  void SetUp() override { problem.objective->evaluate(problem.random_theta(1), &gradient, 0); }
};

TEST_F(ScheduleLaws, StepsArePositiveAndFinite) {
  for (const auto& row : schedules()) {
    const Schedule schedule = row.make(needed(row.name), problem.objective.get());
    for (const Index k : {0, 1, 17, 1000}) {
      const double step = schedule({.k = k, .f = 0.7, .gradient_norm = 0.3});
      EXPECT_GT(step, 0) << row.name << " at " << k;
      EXPECT_TRUE(std::isfinite(step)) << row.name << " at " << k;
    }
  }
}

TEST_F(ScheduleLaws, GeometricAndDiminishingFall) {
  for (const std::string name : {"geometric", "normalised-geometric", "diminishing"}) {
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
  EXPECT_DOUBLE_EQ(loss_proportional({.step = 0.5}, nullptr)({.k = 3, .f = 8}), 2);
  EXPECT_DOUBLE_EQ(diminishing({.step = 6, .power = 0.5}, nullptr)({.k = 8}), 2);
  EXPECT_DOUBLE_EQ(polyak({.f_min = 1, .scale = 0.5}, nullptr)({.k = 3, .f = 9, .gradient_norm = 2}), 1);
}

// Eq. 10 of Ma & Fattahi: eta rho^k over the spectral norm of Q = (1/n) sum Sign(r_i) A_i, not symmetrised.
TEST_F(ScheduleLaws, NormalisedGeometricDividesByTheNormOfTheAdjoint) {
  const Params theta = problem.random_theta(1);
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
}

}  // namespace
}  // namespace gossan
