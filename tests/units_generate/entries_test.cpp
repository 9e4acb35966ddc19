#include <gtest/gtest.h>

#include <set>
#include <utility>

#include "gossan/generate.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

TEST(GenerateEntries, EveryEntryIsSeenOnceAtMostAndIsOfTheTruth) {
  const auto made = generate_entries({.rows = 30, .cols = 20, .rank = 2, .condition = 4, .observed = 0.4, .seed = 5});
  EXPECT_EQ(made.X.rows(), 30);
  EXPECT_EQ(made.X.cols(), 20);
  std::set<std::pair<Index, Index>> seen;
  for (std::size_t e = 0; e < made.value.size(); ++e) {
    EXPECT_EQ(made.value[e], made.X(made.i[e], made.j[e]));
    EXPECT_TRUE(seen.emplace(made.i[e], made.j[e]).second);
  }
  EXPECT_NEAR(static_cast<double>(seen.size()), 0.4 * 600, 5 * std::sqrt(0.4 * 0.6 * 600));
  const Vector s = svd(made.X).s;
  EXPECT_NEAR(s(1) / s(0), 0.25, 1e-12);
  EXPECT_LT(s(2), 1e-13);
}

// The two entries of a symmetric matrix are coins of their own.
TEST(GenerateEntries, OfASymmetricMatrixEachOrderedPairIsSeenByItself) {
  const auto made = generate_entries({.rows = 40, .rank = 3, .observed = 0.5, .seed = 5});
  EXPECT_TRUE(made.X.isApprox(made.X.transpose(), 1e-14));
  std::set<std::pair<Index, Index>> seen;
  for (std::size_t e = 0; e < made.value.size(); ++e) seen.emplace(made.i[e], made.j[e]);
  Index both = 0, one = 0;
  for (Index i = 0; i < 40; ++i) {
    for (Index j = 0; j < i; ++j) {
      const auto count = seen.count({i, j}) + seen.count({j, i});
      both += count == 2;
      one += count == 1;
    }
  }
  EXPECT_NEAR(static_cast<double>(one), 390, 70);
  EXPECT_NEAR(static_cast<double>(both), 195, 60);
}

TEST(GenerateEntries, AllAreSeenWhereTheChanceIsOne) {
  EXPECT_EQ(generate_entries({.rows = 7, .cols = 5, .rank = 1, .observed = 1}).value.size(), 35U);
}

TEST(GenerateEntries, BadOptionsAreRefused) {
  EXPECT_THROW(generate_entries({.rows = 3, .cols = 9, .rank = 4}), std::invalid_argument);
  EXPECT_THROW(generate_entries({.rows = 1'000'000}), std::invalid_argument);  // numbers for 8 TB
  EXPECT_THROW(generate_entries({.observed = 0}), std::invalid_argument);
  EXPECT_THROW(generate_entries({.observed = 1.5}), std::invalid_argument);
  EXPECT_THROW(generate_entries({.rank = 2, .spectrum = "1"}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
