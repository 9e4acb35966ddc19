// Exact and nearly exact entries of low-rank matrices, no rank told.
#include <gtest/gtest.h>

#include "recovery_complete/planted.hpp"

namespace gossan {
namespace {

struct EntriesCell {
  std::string name;
  double observed, condition, noise, most_error;
};
void PrintTo(const EntriesCell& cell, std::ostream* out) { *out << cell.name; }

class PlantedCompletion : public testing::TestWithParam<EntriesCell> {};

// 200 x 150 of rank 5 has 1725 degrees of freedom: a share of .12 shows 2.1 entries for each.
TEST_P(PlantedCompletion, FindsRankAndMatrix) {
  const EntriesCell& cell = GetParam();
  for (std::uint64_t seed = 1; seed <= SEEDS; ++seed) {
    const PlantedEntries planted = planted_entries(
        {.rows = 200, .cols = 150, .rank = 5, .condition = cell.condition, .observed = cell.observed, .seed = seed}, cell.noise);
    const Completed completed = complete(planted.data, {.seed = seed});
    EXPECT_EQ(completed.method, "pursuit");
    EXPECT_EQ(completed.rank, 5) << "seed " << seed;
    EXPECT_LT(relative(whole(completed), planted.X), cell.most_error) << "seed " << seed;
    EXPECT_EQ(completed.evidence.verdict, Verdict::trusted) << completed.evidence.message;
    EXPECT_NEAR(completed.noise_scale, cell.noise, 0.1 * cell.noise + 1e-8);
  }
}

INSTANTIATE_TEST_SUITE_P(Cells, PlantedCompletion,
                         testing::Values(EntriesCell{"few", 0.15, 1, 0, 1e-7}, EntriesCell{"half", 0.5, 1, 0, 1e-8},
                                         EntriesCell{"all", 1, 1, 0, 1e-10}, EntriesCell{"stretched", 0.25, 10, 0, 1e-7},
                                         EntriesCell{"noisy", 0.25, 1, 0.01, 0.02}),
                         [](const auto& cell) { return cell.param.name; });

TEST(Completion, SaysThatTooFewEntriesAreTooFew) {
  const PlantedEntries planted =
      planted_entries({.rows = 100, .cols = 80, .rank = 5, .condition = 1, .observed = 0.08, .seed = 2});
  const Completed completed = complete(planted.data, {.method = "pursuit"});
  EXPECT_GT(relative(whole(completed), planted.X), 0.1);
  EXPECT_NE(completed.evidence.verdict, Verdict::trusted);
}

TEST(Completion, StandardDeviationsOfNoisyEntriesHold) {
  const PlantedEntries planted =
      planted_entries({.rows = 120, .cols = 100, .rank = 3, .condition = 2, .observed = 0.4, .seed = 4}, 0.1);
  const Completed completed = complete(planted.data, {.method = "pursuit"});
  ASSERT_EQ(completed.rank, 3);
  // The matrix itself, not a noisy entry of it: the noise's share is taken off.
  std::vector<Index> i(100), j(100);
  for (Index b = 0; b < 100; ++b) j[static_cast<std::size_t>(b)] = b;
  std::vector<double> mean(100), sd(100);
  double within = 0, count = 0;
  for (Index a = 0; a < 120; ++a) {
    std::fill(i.begin(), i.end(), a);
    predict(completed, i, j, mean, sd);
    for (std::size_t b = 0; b < 100; ++b) {
      const double own = std::sqrt(std::max(sd[b] * sd[b] - completed.noise_scale * completed.noise_scale, 0.0));
      within += std::abs(mean[b] - planted.X(a, j[b])) <= 1.645 * own ? 1 : 0;
      count += 1;
    }
  }
  EXPECT_NEAR(within / count, 0.9, 0.06);
}

TEST(Completion, RowsWithoutEntriesAreAnsweredAndNamed) {
  PlantedEntries planted = planted_entries({.rows = 60, .cols = 50, .rank = 2, .condition = 1, .observed = 0.5, .seed = 5});
  planted.data.rows = 61;
  const Completed completed = complete(planted.data, {.method = "pursuit"});
  EXPECT_EQ(completed.rank, 2);
  EXPECT_LT(relative(whole(completed).topRows(60), planted.X), 1e-8);
  EXPECT_EQ(completed.evidence.verdict, Verdict::doubtful);  // a row that nothing determines
  std::vector<double> mean(2), sd(2);
  predict(completed, std::vector<Index>{60, -1}, std::vector<Index>{0, 0}, mean, sd);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_TRUE(std::isfinite(mean[k]));
    EXPECT_GT(sd[k], 0.1);  // of the size of the entries: nothing is known
  }
}

}  // namespace
}  // namespace gossan
