#include "report/thin.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace gossan {
namespace {

using Kind = Chart::Kind;

Curve ramp(std::size_t size) {
  Curve curve{"ramp", std::vector<double>(size), std::vector<double>(size)};
  std::iota(curve.x.begin(), curve.x.end(), 0.0);
  for (std::size_t k = 0; k < size; ++k) curve.y[k] = std::sin(0.01 * static_cast<double>(k));
  return curve;
}

TEST(Thin, LeavesShortCurvesAlone) {
  for (const auto kind : {Kind::lines, Kind::bars, Kind::histogram, Kind::points}) {
    const auto curve = ramp(100);
    EXPECT_EQ(thin(curve, kind, 100).y, curve.y);
    EXPECT_TRUE(thin(Curve{}, kind, 100).x.empty());
  }
}

TEST(Thin, KeepsWithinItsBudget) {
  for (const auto kind : {Kind::lines, Kind::bars, Kind::histogram, Kind::points}) {
    for (const std::size_t size : {101U, 199U, 1000U, 12345U}) {
      const auto thinned = thin(ramp(size), kind, 100);
      EXPECT_LE(thinned.x.size(), 100U);
      EXPECT_GE(thinned.x.size(), 30U);
      EXPECT_EQ(thinned.x.size(), thinned.y.size());
      EXPECT_TRUE(std::is_sorted(thinned.x.begin(), thinned.x.end()));
    }
  }
}

TEST(Thin, KeepsPeaksGapsAndEndsOfLines) {
  auto curve = ramp(10000);
  curve.y[4567] = 50;
  curve.y[7001] = -40;
  for (std::size_t k = 2000; k < 3000; ++k) curve.y[k] = std::numeric_limits<double>::quiet_NaN();
  const auto thinned = thin(curve, Kind::lines, 100);
  EXPECT_NE(std::find(thinned.y.begin(), thinned.y.end(), 50), thinned.y.end());
  EXPECT_NE(std::find(thinned.y.begin(), thinned.y.end(), -40), thinned.y.end());
  EXPECT_EQ(thinned.x.front(), 0);
  EXPECT_EQ(thinned.x.back(), 9999);
  EXPECT_TRUE(std::any_of(thinned.y.begin(), thinned.y.end(), [](double y) { return std::isnan(y); }));
}

TEST(Thin, SumsBinsAndKeepsTheHighestBar) {
  auto curve = ramp(1001);
  for (auto& y : curve.y) y = 1;
  curve.y[500] = 9;
  const auto bins = thin(curve, Kind::histogram, 100);
  EXPECT_DOUBLE_EQ(std::accumulate(bins.y.begin(), bins.y.end(), 0.0), 1009);
  const auto bars = thin(curve, Kind::bars, 100);
  EXPECT_EQ(*std::max_element(bars.y.begin(), bars.y.end()), 9);
  EXPECT_EQ(*std::min_element(bars.y.begin(), bars.y.end()), 1);
}

TEST(Thin, KeepsTheSamePointsOfCurvesThatBelongTogether) {
  auto named = ramp(1000);
  for (std::size_t k = 0; k < named.x.size(); ++k) named.names.push_back(std::to_string(k));
  const auto a = thin(named, Kind::points, 70);
  const auto b = thin(ramp(1000), Kind::points, 70);
  EXPECT_EQ(a.x, b.x);
  ASSERT_EQ(a.names.size(), a.x.size());
  for (std::size_t k = 0; k < a.x.size(); ++k) EXPECT_EQ(std::stod(a.names[k]), a.x[k]);
}

}  // namespace
}  // namespace gossan
