#include "gossan/params.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "gossan/evidence.hpp"

namespace gossan {
namespace {

Params sample() {
  Params theta = zeros({{"L", 2, 3}, {"R", 4, 1}});
  theta[0].value << 1, 2, 3, 4, 5, 6;
  theta[1].value << -1, 0, 1, 2;
  return theta;
}

TEST(Params, ZerosHaveTheLayout) {
  const Layout layout{{"L", 2, 3}, {"R", 4, 1}};
  const Params theta = zeros(layout);
  EXPECT_EQ(layout_of(theta), layout);
  EXPECT_EQ(norm(theta), 0);
}

TEST(Params, DotAndNormRunOverAllBlocks) {
  const Params theta = sample();
  EXPECT_EQ(dot(theta, theta), 91 + 6);
  EXPECT_DOUBLE_EQ(norm(theta), std::sqrt(97.0));
}

TEST(Params, AddScaledMovesEveryBlock) {
  Params theta = sample();
  add_scaled(theta, -2, sample());
  EXPECT_EQ(theta[0].value(1, 2), -6);
  EXPECT_EQ(theta[1].value(0, 0), 1);
}

TEST(Params, OneBadNumberIsNotFinite) {
  Params theta = sample();
  EXPECT_TRUE(all_finite(theta));
  theta[1].value(3, 0) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_FALSE(all_finite(theta));
  theta[1].value(3, 0) = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(all_finite(theta));
}

TEST(Evidence, VerdictsHaveNames) {
  EXPECT_EQ(to_string(Verdict::trusted), "trusted");
  EXPECT_EQ(to_string(Verdict::doubtful), "doubtful");
  EXPECT_EQ(to_string(Verdict::failed), "failed");
}

}  // namespace
}  // namespace gossan
