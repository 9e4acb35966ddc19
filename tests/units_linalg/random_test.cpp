#include "gossan/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <stdexcept>

namespace gossan {
namespace {

std::array<std::uint64_t, 2> join(std::array<std::uint64_t, 4> word) {
  return {word[0] | word[1] << 32, word[2] | word[3] << 32};
}

// The known answers of Philox4x32-10 that Random123 publishes (kat_vectors).
TEST(Random, IsPhilox4x32With10Rounds) {
  EXPECT_EQ(Random(0, 0).bits(0), join({0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(Random(~std::uint64_t{0}, ~std::uint64_t{0}).bits(-1), join({0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(Random(0x299f31d0a4093822, 0x0370734413198a2e).bits(static_cast<Index>(0x85a308d3243f6a88)),
            join({0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

struct Moments {
  double mean = 0, variance = 0, skewness = 0, kurtosis = 0;
};

Moments moments(Index n, const std::function<double(Index)>& draw) {
  std::vector<double> x(static_cast<std::size_t>(n));
  for (Index i = 0; i < n; ++i) x[static_cast<std::size_t>(i)] = draw(i);
  Moments m;
  const auto count = static_cast<double>(n);
  m.mean = std::accumulate(x.begin(), x.end(), 0.0) / count;
  for (const double each : x) m.variance += (each - m.mean) * (each - m.mean) / count;
  for (const double each : x) m.skewness += std::pow((each - m.mean) / std::sqrt(m.variance), 3) / count;
  for (const double each : x) m.kurtosis += std::pow((each - m.mean) / std::sqrt(m.variance), 4) / count;
  return m;
}

// Bounds of five standard errors of 100,000 draws.
TEST(Random, UniformHasTheMomentsOfTheUniformLaw) {
  const Random random(1, 2);
  const Moments m = moments(100000, [&](Index i) { return random.uniform(i); });
  EXPECT_NEAR(m.mean, 0.5, 0.005);
  EXPECT_NEAR(m.variance, 1.0 / 12, 0.0012);
  EXPECT_NEAR(m.kurtosis, 1.8, 0.02);
}

TEST(Random, UniformStaysInsideTheOpenInterval) {
  const Random random(3, 4);
  for (Index i = 0; i < 100000; ++i) {
    const double u = random.uniform(i);
    ASSERT_GT(u, 0);
    ASSERT_LT(u, 1);
  }
}

TEST(Random, NormalHasTheMomentsOfTheNormalLaw) {
  const Random random(5, 6);
  const Moments m = moments(100000, [&](Index i) { return random.normal(i); });
  EXPECT_NEAR(m.mean, 0, 0.016);
  EXPECT_NEAR(m.variance, 1, 0.023);
  EXPECT_NEAR(m.skewness, 0, 0.04);
  EXPECT_NEAR(m.kurtosis, 3, 0.08);
}

TEST(Random, NormalsThatShareBitsAreUncorrelated) {
  const Random random(7, 8);
  double sum = 0, sum_of_squares = 0;
  constexpr Index pairs = 50000;
  for (Index k = 0; k < pairs; ++k) {
    const double a = random.normal(2 * k), b = random.normal(2 * k + 1);
    sum += a * b;
    sum_of_squares += a * a * b * b;
  }
  EXPECT_NEAR(sum / pairs, 0, 0.023);
  EXPECT_NEAR(sum_of_squares / pairs, 1, 0.07);
}

TEST(Random, BelowHitsEveryValueEquallyOften) {
  const Random random(9, 10);
  constexpr Index bound = 7, draws = 70000;
  std::vector<Index> count(bound);
  for (Index i = 0; i < draws; ++i) {
    const Index value = random.below(i, bound);
    ASSERT_GE(value, 0);
    ASSERT_LT(value, bound);
    ++count[static_cast<std::size_t>(value)];
  }
  for (const Index each : count) EXPECT_NEAR(static_cast<double>(each), 10000, 500);
  EXPECT_EQ(random.below(0, 1), 0);
  EXPECT_THROW(random.below(0, 0), std::invalid_argument);
}

TEST(Random, SeedsStreamsAndIndicesAreSeparate) {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32})
    for (std::uint64_t stream : {0ULL, 1ULL, 1ULL << 32})
      for (Index i : {Index{0}, Index{1}, Index{1} << 32}) {
        const auto bits = Random(seed, stream).bits(i);
        seen.insert(bits.begin(), bits.end());
        drawn += bits.size();
      }
  EXPECT_EQ(seen.size(), drawn);
}

TEST(Random, NormalMatrixIsTheStreamByIndex) {
  const Random random(11, 12);
  const Matrix M = normal_matrix(91, 97, random);  // an odd number of entries, over several blocks
  for (Index a = 0; a < M.rows(); ++a)
    for (Index b = 0; b < M.cols(); ++b) ASSERT_EQ(M(a, b), random.normal(a * M.cols() + b));
  EXPECT_EQ(normal_matrix(0, 3, random).size(), 0);
  EXPECT_THROW(normal_matrix(-1, 3, random), std::invalid_argument);
}

TEST(Random, PermutationHoldsEveryNumberOnce) {
  for (Index n : {0, 1, 2, 17, 1000}) {
    std::vector<Index> order = permutation(n, Random(13, 14));
    std::sort(order.begin(), order.end());
    ASSERT_EQ(order.size(), static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i) ASSERT_EQ(order[static_cast<std::size_t>(i)], i);
  }
  EXPECT_THROW(permutation(-1, Random(13, 14)), std::invalid_argument);
}

TEST(Random, EveryPermutationOfThreeIsEquallyLikely) {
  std::vector<int> count(27);
  for (std::uint64_t seed = 0; seed < 12000; ++seed) {
    const auto order = permutation(3, Random(seed, 0));
    ++count[static_cast<std::size_t>(order[0] * 9 + order[1] * 3 + order[2])];
  }
  int found = 0;
  for (const int each : count)
    if (each > 0) {
      EXPECT_NEAR(each, 2000, 210);
      ++found;
    }
  EXPECT_EQ(found, 6);
}

}  // namespace
}  // namespace gossan
