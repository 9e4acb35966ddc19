#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gossan/run.hpp"
#include "method_problem.hpp"

namespace gossan {
namespace {

SensingProblem small_problem(Index cols = 0) {
  GenerateSenseOptions options;
  options.rows = 8;
  options.cols = cols;
  options.rank = 2;
  options.condition = 2;
  options.measurements = 150;
  return SensingProblem(options);
}

TEST(Descent, ResumesBitExactlyWithEveryMethod) {
  for (const Index cols : {Index(0), Index(7)}) {
    const SensingProblem problem = small_problem(cols);
    for (const auto& row : methods()) {
      if (!takes(row, problem)) continue;
      SCOPED_TRACE(row.name);
      const auto objective = objective_of(row, problem);
      const auto schedule = [&] { return normalised_geometric({.step = 0.05, .ratio = 0.9}, objective.get()); };
      const auto first_method = row.make({}, schedule());
      const auto first = descent(*objective, *first_method, random_params(objective->layout(), 1));
      run(*first, {.max_iterations = 7});
      const Params checkpoint = first->state();
      const Result straight = run(*first, {.max_iterations = 9});

      const auto second_method = row.make({}, schedule());
      const auto second = descent(*objective, *second_method, random_params(objective->layout(), 2));
      second->restore(checkpoint);
      const Result resumed = run(*second, {.max_iterations = 9});
      EXPECT_EQ(straight.f, resumed.f);
      for (std::size_t b = 0; b < straight.theta.size(); ++b) EXPECT_EQ(straight.theta[b].value, resumed.theta[b].value);
    }
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
  for (const Index cols : {Index(0), Index(5)}) {
    GenerateSenseOptions options;
    options.rows = 6;
    options.cols = cols;
    options.rank = 2;
    const SensingProblem problem(options, 0, squared());
    for (const auto& row : methods()) {
      if (!takes(row, problem)) continue;
      SCOPED_TRACE(row.name);
      const auto objective = objective_of(row, problem);
      const auto method = row.make({}, constant({.step = 1e6}, nullptr));
      const Result result = minimise(*objective, *method, random_params(objective->layout(), 4), {.max_iterations = 10000});
      EXPECT_EQ(result.status, Status::diverged);
      EXPECT_TRUE(all_finite(result.theta));
      EXPECT_LT(result.iterations, 10000);
    }
  }
}

}  // namespace
}  // namespace gossan
