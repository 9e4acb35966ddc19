#include <gtest/gtest.h>

#include <algorithm>

#include "gossan/init.hpp"
#include "gossan/run.hpp"
#include "method_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(MethodThreads, TrajectoriesHaveTheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  GenerateSenseOptions options;
  options.rows = 9;
  options.cols = 7;
  options.rank = 2;
  options.measurements = 1500;
  const SensingProblem problem(options);
  for (const auto& row : methods()) {
    SCOPED_TRACE(row.name);
    const auto objective = objective_of(row, problem);
    const InitContext context{problem.A.get(), problem.truth.y, problem.model->layout(), 3};
    const auto end = [&](int count) {
      set_threads(count);
      Params start = random_params(objective->layout(), 3);
      const Params spectral_start = robust_spectral({}, context);
      std::copy(spectral_start.begin(), spectral_start.end(), start.begin());
      const auto method = row.make({}, normalised_geometric({.step = 0.1, .ratio = 0.9}, objective.get()));
      return minimise(*objective, *method, std::move(start), {.max_iterations = 8});
    };
    const Result one = end(1), two = end(2), three = end(3);
    EXPECT_EQ(one.f, two.f);
    EXPECT_EQ(one.theta[0].value, two.theta[0].value);
    EXPECT_EQ(one.theta[1].value, two.theta[1].value);
    EXPECT_EQ(one.theta[0].value, three.theta[0].value);
  }
}

}  // namespace
}  // namespace gossan
