#include <gtest/gtest.h>

#include <cmath>

#include "gossan/compare.hpp"
#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

TEST(FlagRates, ReadTheHonestSpreadFromTheErrors) {
  constexpr Index n = 4000, lies = 1200;
  const Matrix noise = 0.01 * normal_matrix(n, 1, Random(1, 1));
  std::vector<double> error(noise.data(), noise.data() + n);
  std::vector<bool> flagged(n, false);
  for (std::size_t e = 0; e < lies; ++e) {
    error[e] += e % 2 == 0 ? 1.0 : -3.0;
    flagged[e] = e % 4 != 0;
  }
  const FlagRates rates = flag_rates(error, flagged, 0);
  EXPECT_NEAR(rates.tolerance, 0.06, 0.01);
  EXPECT_EQ(rates.wrong, lies);
  EXPECT_EQ(rates.honest, n - lies);
  EXPECT_DOUBLE_EQ(rates.wrong_flagged, 0.75);
  EXPECT_DOUBLE_EQ(rates.honest_flagged, 0);
}

TEST(FlagRates, OfNothingAreNotKnown) {
  const FlagRates rates = flag_rates({}, {}, 0.5);
  EXPECT_EQ(rates.tolerance, 0.5);
  EXPECT_TRUE(std::isnan(rates.wrong_flagged));
  EXPECT_TRUE(std::isnan(rates.honest_flagged));
}

}  // namespace
}  // namespace gossan
