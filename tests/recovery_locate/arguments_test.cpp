// Bad input, edge sizes and interruption.
#include <gtest/gtest.h>

#include "gossan/random.hpp"
#include "recovery_locate/maps.hpp"

namespace gossan {
namespace {

Distances triangle() { return {.points = 3, .i = {0, 0, 1}, .j = {1, 2, 2}, .distance = {3, 4, 5}}; }

void expect_refused(const Distances& data, const LocateOptions& options, const std::string& words) {
  try {
    locate(data, options);
    ADD_FAILURE() << "not refused: " << words;
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
  }
}

TEST(LocateArguments, AreRefusedWithWhatAndWhere) {
  Distances data = triangle();
  data.distance[1] = -4;
  expect_refused(data, {}, "pair 1 has distance -4");
  data = triangle();
  data.distance[2] = NAN;
  expect_refused(data, {}, "pair 2 has distance nan");
  data = triangle();
  data.j[0] = 0;
  expect_refused(data, {}, "pair 0 joins point 0 to itself");
  data = triangle();
  data.i[2] = 2;
  data.j[2] = 0;
  expect_refused(data, {}, "pair 2 repeats the pair (0, 2)");
  data = triangle();
  data.j[2] = 3;
  expect_refused(data, {}, "expected points 0 to 2");
  data = triangle();
  data.distance.pop_back();
  expect_refused(data, {}, "same length");
  expect_refused({.points = 2, .i = {0}, .j = {1}, .distance = {1}}, {}, "at least 3 points");
  expect_refused({.points = 5, .i = {}, .j = {}, .distance = {}}, {}, "at least one pair");
  expect_refused(triangle(), {}, "at least 6 points and 2 pairs a point");
  data = triangle();
  data.distance = {0, 0, 0};
  expect_refused(data, {}, "all distances are 0");
  expect_refused(triangle(), {.metric = "manhattan"}, "manhattan");
  expect_refused(triangle(), {.holdout = 0.9}, "holdout");
  expect_refused(triangle(), {.radius = -1}, "radius");
}

TEST(LocateArguments, TheSmallestMapsComeBackWithAVerdict) {
  for (const Index points : {6, 7, 8, 10}) {
    for (const Index dimension : {1, 2}) {
      const Map map = planted({.points = points, .dimension = dimension, .seed = 1}, {.observed = 1.0, .lies = 0, .seed = 1});
      const Located located = locate(map.data.distances, {});
      EXPECT_EQ(located.points.rows(), points);
      const bool right = located.rank == dimension && largest(errors(located, map.truth)) < 1e-6;
      EXPECT_TRUE(right || located.evidence.verdict != Verdict::trusted)
          << points << " points in " << dimension << ": " << located.evidence.message;
    }
  }
}

TEST(LocateArguments, ARankBeyondThePointsIsRefusedAndAnyBelowRuns) {
  const Map small = planted({.points = 8, .dimension = 2, .seed = 1}, {.observed = 1.0, .lies = 0, .seed = 1});
  expect_refused(small.data.distances, {.rank = 20}, "rank is 20, expected at most 5");
  const Map map = planted({.points = 30, .dimension = 3, .seed = 1}, {.observed = 1.0, .lies = 0.3, .seed = 1});
  for (const Index rank : {1, 7, 15, 20}) EXPECT_EQ(locate(map.data.distances, {.rank = rank}).points.cols(), rank);
}

TEST(LocateArguments, MostDistancesMayBeZero) {
  for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U}) {
    const Random random(seed, 0);
    Distances data{.points = 12, .i = {}, .j = {}, .distance = {}};
    for (Index i = 0; i < 12; ++i) {
      for (Index j = i + 1; j < 12; ++j) {
        data.i.push_back(i);
        data.j.push_back(j);
        data.distance.push_back(random.uniform(12 * i + j) < 0.6 ? 0 : 1);
      }
    }
    // Two heaps one apart satisfy most of the pairs, and exactly: an answer, if not the only one.
    const Located located = locate(data, {});
    ASSERT_TRUE(located.points.allFinite()) << "seed " << seed;
    EXPECT_EQ(located.points.cols(), located.rank);
    EXPECT_LT(located.outlier_fraction, 0.5);
  }
}

TEST(LocateArguments, WithoutHeldOutPairsNothingIsTrusted) {
  const Map map = planted({.points = 40, .dimension = 2, .seed = 1}, {.observed = 1.0, .lies = 0.1, .seed = 1});
  const Located located = locate(map.data.distances, {.holdout = 0});
  EXPECT_EQ(located.rank, 2);
  EXPECT_EQ(located.evidence.verdict, Verdict::doubtful);
}

TEST(LocateArguments, CoincidentPointsArePlacedTogether) {
  GeneratePointsOptions points{.points = 40, .dimension = 2, .seed = 2};
  Matrix truth = generate_points(points);
  truth.row(7) = truth.row(3);
  const GeneratedDistances data = generate_distances(truth, {.observed = 1.0, .lies = 0.2, .seed = 2});
  const Located located = locate(data.distances, {});
  ASSERT_EQ(located.rank, 2);
  EXPECT_LT((located.points.row(7) - located.points.row(3)).norm(), 1e-6);
}

TEST(LocateArguments, AnArcLongerThanHalfTheGirthIsALie) {
  Matrix places(40, 2);
  const Random random(3, 0);
  for (Index k = 0; k < 40; ++k) places.row(k) << 160 * random.uniform(2 * k) - 80, 360 * random.uniform(2 * k + 1) - 180;
  GeneratedDistances data =
      generate_distances(places, {.metric = "great-circle", .radius = 1, .observed = 1.0, .lies = 0.1, .seed = 3});
  data.distances.distance[5] = 100;
  const Located located = locate(data.distances, {.metric = "great-circle", .radius = 1});
  EXPECT_EQ(located.rank, 3);
  EXPECT_TRUE(located.outliers[5]);
}

TEST(LocateInterrupted, ReturnsWhatItHasAndIsNotTrusted) {
  const Map map = planted({.points = 80, .dimension = 3, .seed = 4}, {.observed = 0.5, .lies = 0.3, .seed = 4});
  for (const Index after : {1, 100, 520, 560}) {
    Index seen = 0;
    Watch watch;
    watch.observers.push_back([&](const Iterate&) -> std::optional<Status> {
      if (++seen >= after) return Status::interrupted;
      return std::nullopt;
    });
    const Located located = locate(map.data.distances, {}, watch);
    EXPECT_EQ(located.status, Status::interrupted) << "after " << after;
    EXPECT_EQ(located.evidence.verdict, Verdict::failed);
    EXPECT_EQ(located.points.rows(), 80);
    EXPECT_TRUE(located.points.allFinite());
    EXPECT_LT(seen, after + 60) << "goes on for too long after an interrupt";
  }
}

// Placing points anew is no run of iterations, but long on large maps: observers are asked in between.
TEST(LocateInterrupted, EndsWhilePointsArePlacedAnew) {
  const Map map = planted({.points = 80, .dimension = 3, .seed = 4}, {.observed = 0.5, .lies = 0.3, .seed = 4});
  Watch watch;
  Index after = 0;
  bool asked = false;
  watch.observers.push_back([&](const Iterate& at) -> std::optional<Status> {
    after += asked;
    asked = asked || at.k == 0;
    if (at.k == 0) return Status::interrupted;
    return std::nullopt;
  });
  const Located located = locate(map.data.distances, {}, watch);
  EXPECT_TRUE(asked);
  EXPECT_EQ(located.status, Status::interrupted);
  EXPECT_LT(after, 60);
  EXPECT_TRUE(located.points.allFinite());
}

TEST(LocateHistory, TellsThePhases) {
  const Map map = planted({.points = 40, .dimension = 2, .seed = 5}, {.observed = 1.0, .lies = 0.1, .seed = 5});
  double last = 0;
  Watch watch;
  watch.progress = [&](std::string_view, double fraction) {
    EXPECT_GE(fraction, last);
    EXPECT_LE(fraction, 1.0);
    last = fraction;
  };
  const Located located = locate(map.data.distances, {}, watch);
  EXPECT_GT(last, 0.5);
  ASSERT_FALSE(located.history.empty());
  EXPECT_EQ(located.history.front().phase, "start");
  EXPECT_EQ(located.history.back().phase, "refine, rank 2");
}

}  // namespace
}  // namespace gossan
