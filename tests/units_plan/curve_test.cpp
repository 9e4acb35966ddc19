#include <gtest/gtest.h>

#include <cmath>

#include "gossan/plan.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

// Trials of a logistic law in log n with 95 % at 1000.
std::vector<PlanPoint> drawn(double slope, Index trials, std::uint64_t seed) {
  const SuccessCurve law{.share = 0.95, .measurements = 1000, .slope = slope};
  const Random random(seed, 1);
  std::vector<PlanPoint> points;
  Index k = 0;
  for (const Index n : {400, 600, 800, 900, 950, 1000, 1100, 1300, 1600}) {
    PlanPoint point{.measurements = n, .trials = trials};
    for (Index trial = 0; trial < trials; ++trial) point.successes += random.uniform(k++) < law(static_cast<double>(n)) ? 1 : 0;
    points.push_back(point);
  }
  return points;
}

TEST(SuccessCurve, PassesThroughItsShareAndInverts) {
  const SuccessCurve curve{.share = 0.9, .measurements = 50, .slope = 7};
  EXPECT_NEAR(curve(50), 0.9, 1e-15);
  EXPECT_NEAR(curve(curve.reaches(0.3)), 0.3, 1e-12);
  EXPECT_LT(curve(40), curve(45));
}

TEST(FitSuccessCurve, FindsALawFromManyTrials) {
  for (const double slope : {6.0, 20.0}) {
    const SuccessCurve curve = fit_success_curve(drawn(slope, 4000, 3), 0.95);
    EXPECT_NEAR(curve.measurements, 1000, 30);
    EXPECT_NEAR(curve.slope, slope, 0.1 * slope);
    EXPECT_LT(curve.upper / curve.lower, 1.08);
  }
}

TEST(FitSuccessCurve, NineOfTenIntervalsHoldTheTruth) {
  constexpr int repeats = 200;
  int held = 0;
  for (int k = 0; k < repeats; ++k) {
    const SuccessCurve curve = fit_success_curve(drawn(15, 20, static_cast<std::uint64_t>(k)), 0.95);
    held += curve.lower <= 1000 && 1000 <= curve.upper ? 1 : 0;
  }
  EXPECT_GE(held, 170);  // 180 are expected: four standard deviations of the binomial are 17, on the side that would mislead
}

TEST(FitSuccessCurve, AStepBetweenTwoPointsIsFoundBetweenThem) {
  const std::vector<PlanPoint> points = {{.measurements = 100, .trials = 20, .successes = 0},
                                         {.measurements = 200, .trials = 20, .successes = 20}};
  const SuccessCurve curve = fit_success_curve(points, 0.95);
  EXPECT_GT(curve.lower, 100);
  EXPECT_GT(curve.measurements, curve.lower);
  EXPECT_GT(curve.upper, curve.measurements);
  EXPECT_LT(curve.upper, 230);
}

TEST(FitSuccessCurve, NoPointsMakeNoCurve) {
  const SuccessCurve curve = fit_success_curve({}, 0.95);
  EXPECT_TRUE(std::isnan(curve.measurements));
  EXPECT_TRUE(std::isnan(curve(100)));
}

}  // namespace
}  // namespace gossan
