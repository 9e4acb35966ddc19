#include "plan/trial.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gossan::planning {
namespace {

PlanOptions noisy() {
  PlanOptions options;
  options.rows = 10;
  options.rank = 2;
  options.corruption = 0.25;
  options.noise = 0.01;
  return options;
}

TEST(Attempt, WithPlentyTheErrorIsThatOfLeastSquaresOnTheHonest) {
  for (const Index cols : {0, 8}) {
    PlanOptions options = noisy();
    options.cols = cols;
    const auto d = static_cast<double>(degrees_of_freedom(options));
    double squares = 0;
    constexpr int trials = 20;
    for (Index trial = 0; trial < trials; ++trial) {
      const Outcome outcome = attempt(options, 1000, trial, {});
      EXPECT_TRUE(outcome.success) << cols << " " << trial << ": " << outcome.error;
      squares += outcome.error * outcome.error;
    }
    EXPECT_NEAR(std::sqrt(squares / trials) / (0.01 * std::sqrt(d / (750 - d))), 1, 0.2) << cols;
  }
}

TEST(Attempt, FewerHonestMeasurementsThanUnknownsAreAFailure) {
  for (const double noise : {0.0, 0.01}) {
    PlanOptions options = noisy();
    options.noise = noise;
    EXPECT_FALSE(attempt(options, 24, 0, {}).success);  // 18 honest ones, 19 unknowns
  }
}

TEST(Attempt, ATrialIsAFunctionOfItsNumber) {
  const Outcome first = attempt(noisy(), 300, 0, {}), again = attempt(noisy(), 300, 0, {}), other = attempt(noisy(), 300, 1, {});
  EXPECT_EQ(first.error, again.error);
  EXPECT_NE(first.error, other.error);
}

}  // namespace
}  // namespace gossan::planning
