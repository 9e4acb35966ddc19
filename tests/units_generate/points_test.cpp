#include <gtest/gtest.h>

#include <cmath>

#include "gossan/generate.hpp"

namespace gossan {
namespace {

Vector spreads(const Matrix& points) {
  const Matrix centred = points.rowwise() - points.colwise().mean();
  return (centred.colwise().squaredNorm() / static_cast<double>(points.rows())).cwiseSqrt();
}

TEST(GeneratePoints, GaussianAxesHaveUnitSpread) {
  const Matrix points = generate_points({.points = 4000, .dimension = 5, .seed = 1});
  EXPECT_EQ(points.rows(), 4000);
  EXPECT_EQ(points.cols(), 5);
  for (const double spread : spreads(points)) EXPECT_NEAR(spread, 1, 0.06);
}

TEST(GeneratePoints, NeedlesAreThinBesideTheFirstAxis) {
  const Vector spread =
      spreads(generate_points({.points = 4000, .dimension = 3, .shape = "needle", .axis_ratio = 100, .seed = 1}));
  EXPECT_NEAR(spread(0), 1, 0.06);
  EXPECT_NEAR(spread(1), 0.01, 0.001);
  EXPECT_NEAR(spread(2), 0.01, 0.001);
}

TEST(GeneratePoints, ClustersAreTightAndFarApart) {
  const Matrix points = generate_points({.points = 200, .dimension = 3, .shape = "clusters", .seed = 2});
  // Sizes of nearest-neighbour distances tell of the spread 0.3, the whole of the centres N(0, 16).
  double nearest = 0;
  for (Index i = 0; i < 200; ++i) {
    double best = 1e9;
    for (Index j = 0; j < 200; ++j) {
      if (i != j) best = std::min(best, (points.row(i) - points.row(j)).norm());
    }
    nearest += best / 200;
  }
  EXPECT_LT(nearest, 0.4);
  EXPECT_GT(spreads(points).maxCoeff(), 2);
}

TEST(GeneratePoints, BadOptionsAreRefused) {
  EXPECT_THROW(generate_points({.points = 1}), std::invalid_argument);
  EXPECT_THROW(generate_points({.points = 5, .dimension = 0}), std::invalid_argument);
  EXPECT_THROW(generate_points({.shape = "cube"}), std::invalid_argument);
  EXPECT_THROW(generate_points({.axis_ratio = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
