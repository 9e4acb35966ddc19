#include "planted.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "gossan/linalg.hpp"
#include "gossan/observers.hpp"

namespace gossan::testing {
namespace {

struct Rates {
  double missed = 0, false_alarms = 0;
};

Rates rates(const Decomposed& found, const Planted& planted) {
  double missed = 0, alarms = 0, wrong = 0, honest = 0;
  for (std::size_t e = 0; e < planted.wrong.size(); ++e) {
    if (std::isnan(planted.Y.data()[e])) {
      EXPECT_FALSE(found.outliers[e]);
      continue;
    }
    (planted.wrong[e] ? wrong : honest) += 1;
    missed += planted.wrong[e] && !found.outliers[e] ? 1 : 0;
    alarms += !planted.wrong[e] && found.outliers[e] ? 1 : 0;
  }
  return {wrong > 0 ? missed / wrong : 0, alarms / honest};
}

void expect_recovered(const Planting& how) {
  const Planted planted = plant(how);
  const Decomposed found = rank_path(table_of(planted.Y), {});
  EXPECT_EQ(found.rank, how.rank);
  EXPECT_LT(relative_error(found, planted.X), 1.15 * oracle_error(how, planted.X));
  EXPECT_NEAR(found.noise_scale / how.noise, 1, .05);
  const Rates seen = rates(found, planted);
  EXPECT_LT(seen.missed, .002);
  EXPECT_LT(seen.false_alarms, .01);
  EXPECT_EQ(found.evidence.verdict, Verdict::trusted) << found.evidence.message;
}

TEST(RankPath, RankErrorAndMaskOfPlantedTables) {
  expect_recovered({});
  expect_recovered({.rank = 1, .seed = 2});
  expect_recovered({.wrong = .25, .one_sided = true, .seed = 3});
  expect_recovered({.cols = 100, .rank = 5, .wrong = .1, .missing = .3, .seed = 4});
}

// One by one, twelve directions of equal strength would each lower the scale by less than 5 %.
TEST(RankPath, ManyEqualDirectionsAreFoundTogether) { expect_recovered({.cols = 80, .rank = 12, .wrong = .05, .seed = 5}); }

TEST(RankPath, WideTablesWork) { expect_recovered({.rows = 80, .cols = 2000, .rank = 3, .wrong = .1, .seed = 6}); }

TEST(RankPath, ExactTablesAreMetExactly) {
  const Planted planted = plant({.noise = 0, .wrong = .1, .seed = 7});
  const Decomposed found = rank_path(table_of(planted.Y), {});
  EXPECT_EQ(found.rank, 3);
  EXPECT_LT(relative_error(found, planted.X), 1e-6);
  EXPECT_EQ(rates(found, planted).missed, 0);
}

TEST(RankPath, NoiseAloneIsNoLowRankTable) {
  const Decomposed found = rank_path(table_of(normal_matrix(2000, 50, Random(8, 1))), {});
  EXPECT_EQ(found.rank, 0);
  EXPECT_EQ(found.evidence.verdict, Verdict::failed);
}

// Structure that goes on for ever: whatever the rank, the next direction tells as much.
TEST(RankPath, ARankThatIsCappedTooLowIsDoubted) {
  const Planted planted = plant({.rank = 3, .seed = 9});
  RpcaOptions options;
  options.rank = 2;
  const Decomposed found = rank_path(table_of(planted.Y), options);
  EXPECT_LE(found.rank, 2);
  EXPECT_EQ(found.evidence.verdict, Verdict::doubtful);
}

TEST(RankPath, SameBitsOnAnyNumberOfThreads) {
  const Planted planted = plant({.rows = 2500, .seed = 10});
  set_threads(1);
  const Decomposed one = rank_path(table_of(planted.Y), {});
  set_threads(5);
  const Decomposed five = rank_path(table_of(planted.Y), {});
  set_threads(0);
  EXPECT_EQ(one.L, five.L);
  EXPECT_EQ(one.R, five.R);
  EXPECT_EQ(one.outliers, five.outliers);
  EXPECT_EQ(one.noise_scale, five.noise_scale);
}

TEST(RankPath, SmallAndDegenerateTablesAreAnswered) {
  for (const auto& [m, n] : {std::pair<Index, Index>{1, 1}, {1, 9}, {9, 1}, {3, 2}, {40, 3}}) {
    Matrix Y = normal_matrix(m, n, Random(11, static_cast<std::uint64_t>(m + n)));
    const Decomposed found = rank_path(table_of(Y), {});
    EXPECT_NE(found.evidence.verdict, Verdict::trusted) << m << " x " << n;
    EXPECT_TRUE(found.L.allFinite() && found.R.allFinite());
    Y.setZero();
    EXPECT_EQ(rank_path(table_of(Y), {}).rank, 0);
    Y.setConstant(std::numeric_limits<double>::quiet_NaN());
    const Decomposed none = rank_path(table_of(Y), {});
    EXPECT_EQ(none.observed, 0);
    EXPECT_EQ(static_cast<Index>(none.unseen_rows.size()), m);
    EXPECT_EQ(none.evidence.verdict, Verdict::failed);
  }
}

TEST(RankPath, RowsAndColumnsWithoutEntriesAreNamed) {
  Planted planted = plant({.seed = 12});
  planted.Y.row(17).setConstant(std::numeric_limits<double>::quiet_NaN());
  planted.Y.col(4).setConstant(std::numeric_limits<double>::quiet_NaN());
  const Decomposed found = rank_path(table_of(planted.Y), {});
  EXPECT_EQ(found.unseen_rows, std::vector<Index>{17});
  EXPECT_EQ(found.unseen_cols, std::vector<Index>{4});
  EXPECT_EQ(found.rank, 3);
  EXPECT_TRUE(found.L.allFinite() && found.R.allFinite());
}

// Black bars around a picture: most rows are 0, and so would be the median of all entries.
TEST(RankPath, RowsOfZerosTellNothing) {
  Planted planted = plant({.rows = 6000, .seed = 14});
  for (Index i = 0; i < 4200; ++i) {
    planted.Y.row(i).setZero();
    for (Index j = 0; j < planted.Y.cols(); ++j) planted.wrong[static_cast<std::size_t>(i * planted.Y.cols() + j)] = false;
  }
  const Decomposed found = rank_path(table_of(planted.Y), {});
  EXPECT_EQ(found.rank, 3);
  EXPECT_NEAR(found.noise_scale / .05, 1, .05);
  EXPECT_LT(rates(found, planted).missed, .002);
}

TEST(RankPath, WithoutHeldOutEntriesItAnswersAndDoubts) {
  const Planted planted = plant({.seed = 15});
  RpcaOptions options;
  options.holdout = 0;
  const Decomposed found = rank_path(table_of(planted.Y), options);
  EXPECT_GE(found.rank, 3);
  EXPECT_EQ(found.evidence.verdict, Verdict::doubtful);
}

TEST(RankPath, InfinityIsTheCallersFault) {
  Matrix Y = Matrix::Ones(50, 20);
  Y(3, 4) = std::numeric_limits<double>::infinity();
  EXPECT_THROW(rank_path(table_of(Y), {}), std::invalid_argument);
  EXPECT_THROW(rank_path({0, 3, table_of(Y).read}, {}), std::invalid_argument);
}

TEST(RankPath, WhatTheReaderThrowsComesOut) {
  const TableRows broken{100, 10, [](Index first, std::span<double> out) {
                           if (first > 60) throw std::runtime_error("disk");
                           std::fill(out.begin(), out.end(), 1.0);
                         }};
  EXPECT_THROW(rank_path(broken, {}), std::runtime_error);
}

TEST(RankPath, AStoppedRunSaysSo) {
  const Planted planted = plant({.seed = 13});
  for (const Index after : {1, 8, 14}) {
    Index steps = 0;
    Watch watch;
    watch.observers.push_back(
        [&](const Iterate&) { return ++steps >= after ? std::optional(Status::interrupted) : std::nullopt; });
    const Decomposed found = rank_path(table_of(planted.Y), {}, watch);
    EXPECT_EQ(found.status, Status::interrupted) << after;
    EXPECT_NE(found.evidence.verdict, Verdict::trusted);
    EXPECT_EQ(static_cast<Index>(found.outliers.size()), planted.Y.size());
    EXPECT_EQ(found.L.rows(), planted.Y.rows());
  }
}

}  // namespace
}  // namespace gossan::testing
