// Recovery cells well inside what can be done: every one must succeed.
#include "recovery_locate/maps.hpp"

#include <gtest/gtest.h>

#include <numbers>

#include "gossan/random.hpp"

namespace gossan {
namespace {

struct Cell {
  std::string name;
  GeneratePointsOptions points;
  double observed;
  double lies;
  double noise;
  double most_median, most_error;  // of the error, in rms radii
};

void PrintTo(const Cell& cell, std::ostream* out) { *out << cell.name; }

class MapCell : public testing::TestWithParam<Cell> {};

TEST_P(MapCell, IsRecoveredWithItsRankAndItsLies) {
  const Cell& cell = GetParam();
  for (std::uint64_t seed = 1; seed <= SEEDS; ++seed) {
    GeneratePointsOptions points = cell.points;
    points.seed = seed;
    const Map map =
        planted(points, {.observed = cell.observed, .lies = cell.lies, .noise = cell.noise, .round = 0, .seed = seed + 10});
    const Located located = locate(map.data.distances, {});
    ASSERT_EQ(located.rank, cell.points.dimension) << "seed " << seed;
    const std::vector<double> error = errors(located, map.truth);
    const double radius = rms_radius(map.truth);
    EXPECT_LT(median(error), cell.most_median * radius);
    EXPECT_LT(largest(error), cell.most_error * radius);
    EXPECT_EQ(located.evidence.verdict, Verdict::trusted) << located.evidence.message;
    if (cell.noise == 0) {
      EXPECT_EQ(flagged(located, map.data.lies, false), 0) << "honest pairs flagged";
      EXPECT_GT(flagged(located, map.data.lies, true), 0.999) << "lies flagged";
    } else {
      EXPECT_LT(flagged(located, map.data.lies, false), 0.02);
      EXPECT_GT(flagged(located, map.data.lies, true), 0.93);
      EXPECT_NEAR(located.noise_scale,
                  cell.noise * (located.noise_law == "proportional" ? median(map.data.distances.distance) : 1),
                  located.noise_law == "proportional" ? 0.2 * cell.noise * median(map.data.distances.distance) : 1);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Cells, MapCell,
    testing::Values(Cell{"plane", {.points = 50, .dimension = 2}, 1.0, 0.3, 0, 1e-9, 1e-8},
                    Cell{"space", {.points = 100, .dimension = 3}, 0.4, 0.3, 0, 1e-9, 1e-8},
                    Cell{"five", {.points = 120, .dimension = 5}, 0.5, 0.3, 0, 1e-9, 1e-8},
                    Cell{"noisy_space", {.points = 120, .dimension = 3}, 0.5, 0.2, 0.01, 0.02, 0.15},
                    Cell{"clusters", {.points = 200, .dimension = 2, .shape = "clusters"}, 0.3, 0.3, 0, 1e-9, 1e-8}),
    [](const auto& cell) { return cell.param.name; });

TEST(Locate, RanksOfAHonestWorldWithoutLies) {
  const Map map = planted({.points = 40, .dimension = 2, .seed = 3}, {.observed = 1.0, .lies = 0, .seed = 3});
  const Located located = locate(map.data.distances, {});
  EXPECT_EQ(located.rank, 2);
  EXPECT_LT(largest(errors(located, map.truth)), 1e-9 * rms_radius(map.truth));
  EXPECT_EQ(located.outlier_fraction, 0);
}

TEST(Locate, TheToldRankIsUsed) {
  const Map map = planted({.points = 60, .dimension = 3, .seed = 4}, {.observed = 0.6, .lies = 0.2, .seed = 4});
  const Located located = locate(map.data.distances, {.rank = 3});
  EXPECT_EQ(located.rank, 3);
  EXPECT_LT(largest(errors(located, map.truth)), 1e-8 * rms_radius(map.truth));
}

TEST(Locate, ArcsOnASmallSphere) {
  Matrix places(80, 2);
  const Matrix uniform = normal_matrix(80, 3, Random(5, 0));
  for (Index k = 0; k < 80; ++k) {
    const auto x = uniform.row(k).normalized().eval();
    places.row(k) << std::asin(x[2]) * 180 / std::numbers::pi, std::atan2(x[1], x[0]) * 180 / std::numbers::pi;
  }
  const GeneratedDistances data =
      generate_distances(places, {.metric = "great-circle", .radius = 10, .observed = 0.5, .lies = 0.3, .seed = 5});
  const Located located = locate(data.distances, {.metric = "great-circle", .radius = 10});
  ASSERT_EQ(located.rank, 3);
  const Matrix truth = 10 * uniform.rowwise().normalized();
  EXPECT_LT(largest(errors(located, truth)), 1e-7);
  EXPECT_EQ(flagged(located, data.lies, false), 0);
}

}  // namespace
}  // namespace gossan
