// Planted tables are what their options say.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "gossan/generate_table.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

TEST(GenerateTable, RankConditionAndSize) {
  const GeneratedTable made = generate_table({.rows = 60, .cols = 40, .rank = 4, .condition = 8, .corrupted = 0, .seed = 2});
  const Vector s = svd(made.X).s;
  EXPECT_NEAR(s(0) / s(3), 8, 1e-9);
  EXPECT_LT(s(4), 1e-12 * s(0));
  EXPECT_NEAR(made.X.squaredNorm(), 2400, 1e-9);
  EXPECT_EQ(made.Y, made.X);
  EXPECT_EQ(made.observed, 2400);
}

TEST(GenerateTable, SharesNoiseAndSeeds) {
  GenerateTableOptions options{.rows = 200, .cols = 150, .observed = 0.5, .corrupted = 0.1, .noise = 0.02, .seed = 3};
  const GeneratedTable made = generate_table(options);
  double wrong = 0, squares = 0, honest = 0;
  for (Index e = 0; e < made.X.size(); ++e) {
    const bool corrupted = made.corrupted[static_cast<std::size_t>(e)];
    if (std::isnan(made.Y.data()[e])) {
      EXPECT_FALSE(corrupted);
      continue;
    }
    wrong += corrupted ? 1 : 0;
    if (corrupted) continue;
    squares += std::pow(made.Y.data()[e] - made.X.data()[e], 2);
    ++honest;
  }
  EXPECT_NEAR(static_cast<double>(made.observed) / 30000, 0.5, 0.02);
  EXPECT_NEAR(wrong / static_cast<double>(made.observed), 0.1, 0.01);
  EXPECT_NEAR(std::sqrt(squares / honest), 0.02, 0.001);
  EXPECT_EQ(generate_table(options).X, made.X);
  options.seed = 4;
  EXPECT_NE(generate_table(options).X, made.X);
}

TEST(GenerateTable, RefusesWhatCannotBe) {
  EXPECT_THROW(generate_table({.rows = 5, .cols = 4, .rank = 5}), std::invalid_argument);
  EXPECT_THROW(generate_table({.kind = "odd"}), std::invalid_argument);
  EXPECT_THROW(generate_table({.observed = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
