#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

History course(Index steps, const std::function<double(double)>& f) {
  History history;
  for (Index k = 1; k <= steps; ++k) {
    history.push_back({.phase = "descent", .k = k, .f = f(static_cast<double>(k) / static_cast<double>(steps))});
  }
  return history;
}

double stairs(double t) { return t < 0.3 ? 10 : t < 0.4 ? 10 - 50 * (t - 0.3) : t < 0.8 ? 5 : 1; }

TEST(Plateaus, AreTheLevelsOfAStaircase) {
  const auto found = plateaus(course(1000, stairs));
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].from, 1);
  EXPECT_NEAR(static_cast<double>(found[0].to), 300, 5);
  EXPECT_NEAR(found[0].f, 10, 0.1);
  EXPECT_NEAR(static_cast<double>(found[1].from), 400, 5);
  EXPECT_EQ(found[1].to, 799);
  EXPECT_EQ(found[2].to, 1000);
  EXPECT_EQ(found[2].f, 1);
}

TEST(Plateaus, NoneInASteadyFallOrInARestThroughout) {
  EXPECT_TRUE(plateaus(course(500, [](double t) { return std::exp(-20 * t); })).empty());
  EXPECT_TRUE(plateaus(course(500, [](double) { return 2.0; })).empty());
  EXPECT_TRUE(plateaus(course(1, [](double) { return 2.0; })).empty());
  EXPECT_TRUE(plateaus({}).empty());
}

TEST(Warnings, OfARunThatStillFalls) {
  const auto said = warnings(course(100, [](double t) { return 2 - t; }), std::nullopt, true);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("not at rest"), std::string::npos) << said[0];
  EXPECT_TRUE(warnings(course(100, [](double t) { return std::exp(-50 * t); }), std::nullopt, false).empty())
      << "it is negligible";
}

TEST(Warnings, OfARestWithStructureLeft) {
  const auto said = warnings(course(100, stairs), std::nullopt, true);
  ASSERT_EQ(said.size(), 1U);
  EXPECT_NE(said[0].find("plateau"), std::string::npos) << said[0];
  EXPECT_TRUE(warnings(course(100, stairs), std::nullopt, false).empty());
}

TEST(Warnings, OfAShortWay) {
  const History history = course(100, stairs);
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(warnings(history, Budget{50, 50, 47}, false).size(), 1U);
  EXPECT_TRUE(warnings(history, Budget{50, 50, 40}, false).empty());
  EXPECT_TRUE(warnings(history, Budget{50, 50, unknown}, false).empty());
  EXPECT_TRUE(warnings({}, Budget{50, 50, 47}, false).empty());
}

TEST(Budget, IsTheSumOfTheSteps) {
  double sum = 0;
  for (int k = 0; k < 200; ++k) sum += 0.5 * std::pow(0.99, k);
  const Budget way = geometric_budget(0.5, 0.99, 200);
  EXPECT_NEAR(way.travelled, sum, 1e-10);
  EXPECT_NEAR(way.whole, 50, 1e-10);
  EXPECT_TRUE(std::isnan(way.needed));
  EXPECT_TRUE(std::isinf(geometric_budget(0.5, 1, 200).whole));
  EXPECT_EQ(geometric_budget(0.5, 1, 200).travelled, 100);
}

// For eigenvalues 10, 5, 1 that all have to grow by the factor 1 / alpha: ln(1 / alpha) / 2 times 1 + 1/2 + 4/5.
TEST(NeededWay, OfEqualGrowth) {
  const double alpha = 1e-10;
  const Svd wanted{Matrix::Identity(5, 3), Vector{{10, 5, 1}}, Matrix::Identity(5, 3)};
  Matrix U = Matrix::Zero(5, 4);
  for (Index i = 0; i < 3; ++i) U(i, i) = alpha * std::sqrt(wanted.s(i));
  const double way = needed_way({U, U}, wanted);
  EXPECT_NEAR(way, std::log(1 / alpha) / 2 * 2.3, 1e-9);
  const Matrix R = U;
  EXPECT_NEAR(needed_way({U, R}, wanted), 2 * way, 1e-9) << "the gradients of a pair lack the factor 2";
  U.row(2).setZero();
  EXPECT_TRUE(std::isinf(needed_way({U, U}, wanted)));
  EXPECT_EQ(needed_way({U, U}, {Matrix(5, 0), Vector(0), Matrix(5, 0)}), 0);
}

}  // namespace
}  // namespace gossan
