#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gossan/generate.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

Matrix places(std::initializer_list<std::pair<double, double>> list) {
  Matrix points(static_cast<Index>(list.size()), 2);
  Index row = 0;
  for (const auto& [latitude, longitude] : list) points.row(row++) << latitude, longitude;
  return points;
}

GenerateLocateOptions everything(const std::string& metric) {
  GenerateLocateOptions options;
  options.metric = metric;
  options.observed = 1;
  options.lies = 0;
  return options;
}

Index count(const std::vector<bool>& marks) { return std::count(marks.begin(), marks.end(), true); }

TEST(GenerateDistances, GreatCirclesAreRightForNeighboursAntipodesAndQuarters) {
  const double R = 6371, pi = std::numbers::pi;
  const auto arc = [](std::pair<double, double> a, std::pair<double, double> b) {
    return generate_distances(places({a, b}), everything("great-circle")).distances.distance[0];
  };
  EXPECT_NEAR(arc({0, 0}, {0, 90}), R * pi / 2, 1e-9);
  EXPECT_NEAR(arc({90, 0}, {-90, 123}), R * pi, 1e-9);
  EXPECT_NEAR(arc({10, 20}, {-10, -160}), R * pi, 1e-6);
  EXPECT_NEAR(arc({0, 179.5}, {0, -179.5}), R * pi / 180, 1e-9);
  // A thousandth of a millimetre at the equator, and as much short of the antipode.
  const double tiny = 1e-9 / R * 180 / pi;
  EXPECT_NEAR(arc({0, 0}, {0, tiny}), 1e-9, 1e-14);
  EXPECT_NEAR(R * pi - arc({0, 0}, {1e-6, 180}), R * pi / 180 * 1e-6, 1e-11);
  EXPECT_NEAR(arc({52.5, 13.4}, {-33.87, 151.21}), 16094, 10);  // Berlin to Sydney
}

TEST(GenerateDistances, EuclideanDistancesAreTheNorms) {
  const Matrix points = normal_matrix(12, 4, Random(1, 1));
  const auto made = generate_distances(points, everything("euclidean"));
  ASSERT_EQ(made.distances.distance.size(), 66U);
  for (std::size_t e = 0; e < 66; ++e) {
    const Index i = made.distances.i[e], j = made.distances.j[e];
    EXPECT_NEAR(made.distances.distance[e], (points.row(i) - points.row(j)).norm(), 1e-14);
  }
}

TEST(GenerateDistances, PairsAreSortedDistinctAndExactInNumber) {
  const Matrix points = generate_points({.points = 60, .dimension = 2});
  GenerateLocateOptions options;
  options.observed = 0.37;
  options.lies = 0.23;
  const auto made = generate_distances(points, options);
  const auto& d = made.distances;
  const auto measured = static_cast<std::size_t>(std::llround(0.37 * 60 * 59 / 2));
  ASSERT_EQ(d.distance.size(), measured);
  EXPECT_EQ(d.points, 60);
  EXPECT_EQ(count(made.lies), std::llround(0.23 * static_cast<double>(measured)));
  for (std::size_t e = 0; e < measured; ++e) {
    EXPECT_LT(d.i[e], d.j[e]);
    if (e > 0) {
      EXPECT_LT(std::pair(d.i[e - 1], d.j[e - 1]), std::pair(d.i[e], d.j[e]));
    }
  }
}

TEST(GenerateDistances, EveryPairIsAsLikelyAsAnyOther) {
  const Matrix points = generate_points({.points = 10, .dimension = 2});
  std::vector<int> seen(100, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    GenerateLocateOptions options;
    options.seed = seed;
    options.observed = 0.2;
    const auto d = generate_distances(points, options).distances;
    for (std::size_t e = 0; e < d.i.size(); ++e) ++seen[static_cast<std::size_t>(d.i[e] * 10 + d.j[e])];
  }
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t j = i + 1; j < 10; ++j) EXPECT_NEAR(seen[i * 10 + j], 400, 90) << i << " " << j;  // 5 standard deviations
  }
}

TEST(GenerateDistances, LiesAreUniformUpToTheLargestDistance) {
  GenerateLocateOptions options;
  options.metric = "great-circle";
  options.lies = 1;
  options.observed = 1;
  Matrix points(120, 2);
  for (Index i = 0; i < 120; ++i) points.row(i) << 0.01 * static_cast<double>(i), 0;  // all within 150 km
  const auto d = generate_distances(points, options).distances.distance;
  const double half_girth = std::numbers::pi * options.radius;
  double sum = 0;
  for (const double each : d) sum += each / half_girth;
  EXPECT_NEAR(sum / static_cast<double>(d.size()), 0.5, 0.02);
  EXPECT_LE(*std::max_element(d.begin(), d.end()), half_girth);
  EXPECT_GT(*std::max_element(d.begin(), d.end()), 0.99 * half_girth);
}

TEST(GenerateDistances, RoundingTouchesHonestDistancesAndLiesAlikeAndStaysPossible) {
  GenerateLocateOptions options;
  options.metric = "great-circle";
  options.observed = 1;
  options.lies = 0.5;
  options.round = 7;
  const auto d =
      generate_distances(places({{0, 0}, {0, 180}, {50, 10}, {-20, 100}, {3, 4}, {80, -70}}), options).distances.distance;
  for (const double each : d) {
    EXPECT_EQ(std::fmod(each, 7), 0) << each;
    EXPECT_LE(each, std::numbers::pi * options.radius);
  }
}

TEST(GenerateDistances, NoiseIsRelative) {
  GenerateLocateOptions clean = everything("euclidean"), noisy = clean;
  noisy.noise = 0.02;
  const Matrix points = 100 * generate_points({.points = 80});
  const auto a = generate_distances(points, clean).distances.distance, b = generate_distances(points, noisy).distances.distance;
  double square = 0;
  for (std::size_t e = 0; e < a.size(); ++e) square += std::pow(b[e] / a[e] - 1, 2);
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(a.size())), 0.02, 0.001);
}

TEST(GenerateDistances, TheSeedDecides) {
  const Matrix points = generate_points({.points = 30});
  GenerateLocateOptions options;
  options.seed = 1;
  const auto a = generate_distances(points, options), b = generate_distances(points, options);
  options.seed = 2;
  const auto c = generate_distances(points, options);
  EXPECT_EQ(a.distances.distance, b.distances.distance);
  EXPECT_EQ(a.lies, b.lies);
  EXPECT_NE(a.distances.distance, c.distances.distance);
}

TEST(GenerateDistances, BadInputIsRefused) {
  const auto sphere = everything("great-circle");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(generate_distances(places({{91, 0}, {0, 0}}), sphere), std::invalid_argument);
  EXPECT_THROW(generate_distances(places({{0, 361}, {0, 0}}), sphere), std::invalid_argument);
  EXPECT_THROW(generate_distances(places({{0, nan}, {0, 0}}), sphere), std::invalid_argument);
  EXPECT_THROW(generate_distances(places({{0, 0}}), sphere), std::invalid_argument);
  EXPECT_THROW(generate_distances(Matrix::Zero(4, 3), sphere), std::invalid_argument);
  EXPECT_THROW(generate_distances(Matrix::Zero(4, 0), everything("euclidean")), std::invalid_argument);
  for (const auto& [name, value] :
       Settings{{"observed", "0"}, {"observed", "1.1"}, {"lies", "-0.1"}, {"metric", "taxi"}, {"round", "-1"}}) {
    GenerateLocateOptions options;
    EXPECT_THROW(assign(options.fields(), name, value, "generate"), std::invalid_argument) << name;
  }
}

}  // namespace
}  // namespace gossan
