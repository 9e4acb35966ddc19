// What cannot be placed is named, and no verdict trusts it.
#include <gtest/gtest.h>

#include "gossan/random.hpp"
#include "recovery_locate/maps.hpp"

namespace gossan {
namespace {

// Keeps the pairs that `keep` accepts.
template <class Keep>
void thin(GeneratedDistances& data, Keep keep) {
  GeneratedDistances kept;
  kept.distances.points = data.distances.points;
  for (std::size_t e = 0; e < data.lies.size(); ++e) {
    if (!keep(e)) continue;
    kept.distances.i.push_back(data.distances.i[e]);
    kept.distances.j.push_back(data.distances.j[e]);
    kept.distances.distance.push_back(data.distances.distance[e]);
    kept.lies.push_back(data.lies[e]);
  }
  data = std::move(kept);
}

// Two halves of 50 points joined by `joints` random pairs.
Map joined_halves(Index joints, std::uint64_t seed) {
  Map map = planted({.points = 100, .dimension = 3, .seed = seed}, {.observed = 0.7, .lies = 0.2, .seed = seed});
  const auto crosses = [&](std::size_t e) { return (map.data.distances.i[e] < 50) != (map.data.distances.j[e] < 50); };
  std::vector<std::size_t> cross;
  for (std::size_t e = 0; e < map.data.lies.size(); ++e) {
    if (crosses(e)) cross.push_back(e);
  }
  const std::vector<Index> order = permutation(static_cast<Index>(cross.size()), Random(seed, 99));
  std::vector<bool> kept(map.data.lies.size(), false);
  for (Index k = 0; k < joints; ++k) kept[cross[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])]] = true;
  const auto original = map.data.distances;
  thin(map.data, [&](std::size_t e) { return (original.i[e] < 50) == (original.j[e] < 50) || kept[e]; });
  return map;
}

class JoinedHalves : public testing::TestWithParam<Index> {};

TEST_P(JoinedHalves, AreNeverTrustedWhereWronglyPlaced) {
  for (std::uint64_t seed = 1; seed <= SEEDS; ++seed) {
    const Map map = joined_halves(GetParam(), seed);
    const Located located = locate(map.data.distances, {});
    const bool right = located.rank == 3 && largest(errors(located, map.truth)) < 1e-6 * rms_radius(map.truth);
    EXPECT_TRUE(right || located.evidence.verdict != Verdict::trusted)
        << GetParam() << " joints, seed " << seed << ": " << located.evidence.message;
    if (GetParam() <= 6) {
      EXPECT_NE(located.evidence.verdict, Verdict::trusted) << "six pairs or fewer fix nothing";
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Joints, JoinedHalves, testing::Values(2, 4, 6, 10, 20, 60, 300));

TEST(Locate, HalvesOfADisconnectedGraphAreSeparateComponents) {
  const Map map = joined_halves(0, 4);
  const Located located = locate(map.data.distances, {});
  EXPECT_EQ(located.rank, 3);
  EXPECT_EQ(located.evidence.verdict, Verdict::doubtful) << located.evidence.message;
  std::vector<bool> first(100, false);
  for (std::size_t k = 0; k < 50; ++k) first[k] = true;
  std::vector<bool> second = first;
  second.flip();
  EXPECT_LT(largest(errors(located.points, map.truth, first)), 1e-8);
  EXPECT_LT(largest(errors(located.points, map.truth, second)), 1e-8);
  for (std::size_t k = 0; k < 100; ++k) EXPECT_EQ(located.component[k] == located.component[0], k < 50) << k;
}

TEST(Locate, PointsWithoutEnoughHonestDistancesAreNamedAndNotPlaced) {
  Map map = planted({.points = 100, .dimension = 3, .seed = 5}, {.observed = 0.5, .lies = 0.2, .seed = 5});
  auto& distances = map.data.distances;
  // Points 0-3: every distance a lie. Points 4-7: three pairs left.
  std::vector<Index> left(100, 0);
  const Random random(6, 0);
  for (std::size_t e = 0; e < map.data.lies.size(); ++e) {
    if (distances.i[e] < 4) {
      distances.distance[e] = 10 * random.uniform(static_cast<Index>(e));
      map.data.lies[e] = true;
    }
  }
  const auto original = distances;
  thin(map.data, [&](std::size_t e) {
    const Index i = original.i[e];
    const bool few = i >= 4 && i < 8;
    if (original.j[e] >= 4 && original.j[e] < 8) return false;
    return !few || (original.j[e] >= 8 && left[static_cast<std::size_t>(i)]++ < 3);
  });
  const Located located = locate(map.data.distances, {});
  ASSERT_EQ(located.rank, 3);
  EXPECT_EQ(located.evidence.verdict, Verdict::doubtful) << located.evidence.message;
  std::vector<bool> placed(100);
  for (std::size_t k = 0; k < 100; ++k) {
    placed[k] = located.placement[k] == Placement::placed;
    EXPECT_EQ(placed[k], k >= 8) << "point " << k;
    EXPECT_EQ(located.component[k] < 0, !placed[k]);
  }
  EXPECT_LT(largest(errors(located.points, map.truth, placed)), 1e-8);
  for (std::size_t e = 0; e < map.data.lies.size(); ++e) {
    if (map.data.distances.i[e] < 8) {
      EXPECT_TRUE(std::isnan(located.residuals[e])) << "a pair of an undetermined point has no residual";
    }
  }
}

TEST(Locate, ADimensionHiddenInTheNoiseIsNotTrustedAway) {
  for (const std::uint64_t seed : {5U, 9U, 10U, 24U}) {
    const Map map = planted({.points = 50, .dimension = 3, .shape = "clusters", .seed = seed},
                            {.observed = 1.0, .lies = 0.3, .noise = 0.01, .seed = seed});
    const Located located = locate(map.data.distances, {});
    EXPECT_TRUE(located.rank == 3 || located.evidence.verdict != Verdict::trusted)
        << "seed " << seed << ", rank " << located.rank << ": " << located.evidence.message;
  }
}

// A point of a cluster may sit where many of its pairs agree although more agree elsewhere.
TEST(Locate, APointThatFitsBetterElsewhereIsNotTrustedWhereItIs) {
  for (const std::uint64_t seed : {5U, 6U, 15U}) {
    const Map map = planted({.points = 200, .dimension = 2, .shape = "clusters", .seed = 900 + seed},
                            {.observed = 0.3, .lies = 0.3, .noise = 0.01, .seed = 7000 + seed});
    const Located located = locate(map.data.distances, {});
    ASSERT_EQ(located.rank, 2);
    EXPECT_TRUE(largest(errors(located, map.truth)) < 0.1 * rms_radius(map.truth) || located.evidence.verdict != Verdict::trusted)
        << "seed " << seed << ", error " << largest(errors(located, map.truth)) / rms_radius(map.truth);
  }
}

TEST(Locate, NoiseAloneIsNotAMap) {
  Map map = planted({.points = 60, .dimension = 3, .seed = 7}, {.observed = 1.0, .lies = 1.0, .seed = 7});
  const Located located = locate(map.data.distances, {});
  EXPECT_EQ(located.evidence.verdict, Verdict::failed) << located.evidence.message;
}

TEST(Locate, HalfLengthLiesBeyondRecoveryAreNotTrusted) {
  Map map = planted({.points = 100, .dimension = 3, .seed = 8}, {.observed = 0.5, .lies = 0, .seed = 8});
  const Random random(9, 0);
  for (std::size_t e = 0; e < map.data.lies.size(); ++e) {
    if (random.uniform(static_cast<Index>(e)) < 0.55) map.data.distances.distance[e] *= 0.5;
  }
  const Located located = locate(map.data.distances, {});
  const bool right = located.rank == 3 && largest(errors(located, map.truth)) < 1e-6 * rms_radius(map.truth);
  EXPECT_TRUE(right || located.evidence.verdict != Verdict::trusted) << located.evidence.message;
}

}  // namespace
}  // namespace gossan
