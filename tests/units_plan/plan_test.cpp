#include "gossan/plan.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

PlanOptions small() {
  PlanOptions options;
  options.rows = 6;
  options.rank = 1;
  options.trials = 8;
  return options;
}

TEST(Plan, TheBitsDoNotDependOnTheThreads) {
  const ThreadsGuard guard;
  set_threads(1);
  const Plan one = plan_sensing(small());
  set_threads(3);
  const Plan three = plan_sensing(small());
  ASSERT_EQ(one.points.size(), three.points.size());
  for (std::size_t k = 0; k < one.points.size(); ++k) {
    EXPECT_EQ(one.points[k].measurements, three.points[k].measurements);
    EXPECT_EQ(one.points[k].successes, three.points[k].successes);
    EXPECT_EQ(one.points[k].median_error, three.points[k].median_error);
  }
  EXPECT_EQ(one.curve.measurements, three.curve.measurements);
  EXPECT_EQ(one.unknowns, 6);
}

TEST(Plan, UnknownsAreDegreesOfFreedom) {
  PlanOptions options = small();
  options.rows = 7;
  options.cols = 5;
  options.rank = 2;
  options.trials = 4;
  EXPECT_EQ(plan_sensing(options, {.observers = {[](const Iterate&) { return Status::interrupted; }}, .progress = {}}).unknowns,
            20);
}

TEST(Plan, AnObserverEndsIt) {
  const Plan plan = plan_sensing(small(), {.observers = {[](const Iterate&) { return Status::time_limit; }}, .progress = {}});
  EXPECT_EQ(plan.status, Status::time_limit);
  EXPECT_TRUE(plan.points.empty());
  EXPECT_TRUE(std::isnan(plan.curve.measurements));
  EXPECT_NE(plan.evidence.verdict, Verdict::trusted);
}

TEST(Plan, BadOptionsAreNamed) {
  const auto refuses = [](auto change, const std::string& name) {
    PlanOptions options = small();
    change(options);
    try {
      plan_sensing(options);
      ADD_FAILURE() << name;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
    }
  };
  refuses([](PlanOptions& o) { o.rank = 7; }, "rank");
  refuses([](PlanOptions& o) { o.cols = 3, o.rank = 4; }, "rank");
  refuses([](PlanOptions& o) { o.corruption = 0.5; }, "corruption");
  refuses([](PlanOptions& o) { o.success = 1; }, "success");
  refuses([](PlanOptions& o) { o.trials = 0; }, "trials");
  refuses([](PlanOptions& o) { o.ensemble = "stored"; }, "ensemble");
}

}  // namespace
}  // namespace gossan
