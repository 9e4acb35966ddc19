#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/experiment.hpp"

namespace gossan {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Trial trial(double error, bool success, bool trusted) {
  Trial made;
  made.error = error;
  made.success = success;
  made.trusted = trusted;
  return made;
}

TEST(Quantity, MediansAndShares) {
  Cell cell;
  cell.trials = {trial(1, true, true), trial(5, false, true), trial(2, true, false), trial(4, false, false)};
  EXPECT_EQ(quantity(cell, "error"), 3);
  EXPECT_EQ(quantity(cell, "success"), 0.5);
  EXPECT_EQ(quantity(cell, "trusted"), 0.5);
  EXPECT_EQ(quantity(cell, "trusted_and_wrong"), 0.25);
  cell.trials.push_back(trial(100, true, true));
  EXPECT_EQ(quantity(cell, "error"), 4);
}

TEST(Quantity, ARunThatDivergedIsWorseThanAnyOther) {
  Cell cell;
  cell.trials = {trial(nan, false, false), trial(1, true, true), trial(2, true, true)};
  EXPECT_EQ(quantity(cell, "error"), 2);
  cell.trials.push_back(trial(nan, false, false));
  EXPECT_TRUE(std::isinf(quantity(cell, "error")));
}

Cell with_courses() {
  Cell cell;
  cell.trials.resize(3);
  cell.trials[0].course = {{1, 10, 20, 30}, {8, 4, 2, 1}, {80, 40, 20, 10}};
  cell.trials[1].course = {{1, 10, 20, 30}, {9, 5, 3, 2}, {90, 50, 30, 20}};
  cell.trials[2].course = {{1, 10}, {7, 0.5}, {70, 5}};  // ended early
  return cell;
}

TEST(Quantity, TheMedianCourseKeepsWhatEndedEarlyWhereItEnded) {
  const Course course = median_course(with_courses());
  EXPECT_EQ(course.k, (std::vector<Index>{1, 10, 20, 30}));
  EXPECT_EQ(course.error, (std::vector<double>{8, 4, 2, 1}));
  EXPECT_EQ(course.loss, (std::vector<double>{80, 40, 20, 10}));
  EXPECT_TRUE(median_course({}).k.empty());
}

TEST(Quantity, StepsToALevelAndToTheFloor) {
  const Cell cell = with_courses();
  EXPECT_EQ(quantity(cell, "steps to 4"), 10);
  EXPECT_EQ(quantity(cell, "steps to 3.9"), 20);
  EXPECT_EQ(quantity(cell, "steps to floor"), 20);
  EXPECT_TRUE(std::isnan(quantity(cell, "steps to 1e-3")));
  EXPECT_TRUE(std::isnan(quantity({}, "steps to floor")));
}

TEST(Quantity, TheLeastErrorIsTheCoursesOwn) {
  Cell cell = with_courses();
  for (Trial& each : cell.trials) each.course.error.back() = 100;
  EXPECT_EQ(quantity(cell, "least error"), 3);
  EXPECT_TRUE(std::isnan(quantity({}, "least error")));
}

TEST(Quantity, SingularValuesEndWithTheMatrix) {
  Cell cell;
  cell.trials.resize(2);
  cell.trials[0].singular_values = Vector{{3.0, 1.0}};
  cell.trials[1].singular_values = Vector{{5.0, 2.0, 1.0}};
  EXPECT_EQ(quantity(cell, "singular_value 1"), 4);
  EXPECT_EQ(quantity(cell, "singular_value 2"), 1.5);
  EXPECT_EQ(quantity(cell, "singular_value 3"), 0.5);
  EXPECT_EQ(quantity(cell, "singular_value 4"), 0);
}

TEST(Quantity, APhaseThatNeverCameIsNoNumber) {
  Cell cell;
  cell.trials.resize(3);
  cell.trials[0].phase = {10, 40, 0.1};
  cell.trials[1].phase = {20, 30, 0.2};
  EXPECT_EQ(quantity(cell, "phase_start"), 20);
  EXPECT_EQ(quantity(cell, "phase_end"), 40);
  EXPECT_EQ(quantity(cell, "phase_length"), 30);
  EXPECT_EQ(quantity(cell, "phase_angle"), 0.2);
  cell.trials[0].phase = {};
  EXPECT_FALSE(std::isfinite(quantity(cell, "phase_start")));
}

TEST(Quantity, UnknownNamesAreRefused) {
  for (const char* name :
       {"", "errors", "steps to", "steps to x", "steps to 1x", "singular_value", "singular_value 0", "singular_value 1x"}) {
    EXPECT_THROW(quantity(with_courses(), name), std::invalid_argument) << name;
  }
}

}  // namespace
}  // namespace gossan
