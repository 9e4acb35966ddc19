#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gossan/run.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

SensingProblem small_problem() {
  GenerateSenseOptions options;
  options.rows = 8;
  options.rank = 2;
  options.condition = 2;
  options.measurements = 150;
  return SensingProblem(options);
}

TEST(Descent, ResumesBitExactlyWithEveryMethod) {
  const SensingProblem problem = small_problem();
  for (const auto& row : methods()) {
    SCOPED_TRACE(row.name);
    const auto schedule = [&] { return normalised_geometric({.step = 0.05, .ratio = 0.9}, problem.objective.get()); };
    const auto first_method = row.make({}, schedule());
    const auto first = descent(*problem.objective, *first_method, problem.random_theta(1));
    run(*first, {.max_iterations = 7});
    const Params checkpoint = first->state();
    const Result straight = run(*first, {.max_iterations = 9});

    const auto second_method = row.make({}, schedule());
    const auto second = descent(*problem.objective, *second_method, problem.random_theta(2));
    second->restore(checkpoint);
    const Result resumed = run(*second, {.max_iterations = 9});
    EXPECT_EQ(straight.f, resumed.f);
    EXPECT_EQ(straight.theta[0].value, resumed.theta[0].value);
  }
}

TEST(Descent, RefusesStatesAndStartsOfAnotherShape) {
  const SensingProblem problem = small_problem();
  const auto method = momentum({}, constant({}, nullptr));
  EXPECT_THROW(descent(*problem.objective, *method, zeros({{"U", 8, 3}})), std::invalid_argument);
  const auto iteration = descent(*problem.objective, *method, problem.random_theta(1));
  Params state = iteration->state();
  state.pop_back();
  EXPECT_THROW(iteration->restore(state), std::invalid_argument);
}

TEST(Minimise, ReportsTheObjectiveAtItsAnswer) {
  const SensingProblem problem = small_problem();
  const auto method = subgradient({}, constant({.step = 0.01}, nullptr));
  const Result result = minimise(*problem.objective, *method, problem.random_theta(3), {.max_iterations = 4});
  EXPECT_EQ(result.f, problem.objective->evaluate(result.theta, nullptr, 0));
}

TEST(Minimise, NoIterationsReturnTheStart) {
  const SensingProblem problem = small_problem();
  const auto method = momentum({}, constant({}, nullptr));
  const Params start = problem.random_theta(3);
  const Result result = minimise(*problem.objective, *method, start, {.max_iterations = 0});
  ASSERT_EQ(layout_of(result.theta), layout_of(start));
  EXPECT_EQ(result.theta[0].value, start[0].value);
}

TEST(Minimise, StepsThatAreTooLongDivergeWithoutAnException) {
  GenerateSenseOptions options;
  options.rows = 6;
  options.rank = 2;
  for (const auto& row : methods()) {
    SCOPED_TRACE(row.name);
    const SensingProblem problem(options, 0, squared());
    const auto method = row.make({}, constant({.step = 1e6}, nullptr));
    const Result result = minimise(*problem.objective, *method, problem.random_theta(4), {.max_iterations = 10000});
    EXPECT_EQ(result.status, Status::diverged);
    EXPECT_TRUE(all_finite(result.theta));
    EXPECT_LT(result.iterations, 10000);
  }
}

}  // namespace
}  // namespace gossan
