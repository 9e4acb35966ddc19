// Planted instances well inside the known limits are recovered to many digits, and what is wrong is never trusted.
#include <gtest/gtest.h>

#include <vector>

#include "gossan/random.hpp"
#include "recovery_rpca/planted.hpp"

namespace gossan {
namespace {

TEST(RpcaCells, RecoversWithoutBeingToldAnything) {
  const std::vector<GenerateTableOptions> cells = {
      cell("unif", 0.2, 1, 1), cell("unif", 0.3, 1, 2),   cell("huge", 0.2, 1, 3), cell("one-sided", 0.15, 1, 4),
      cell("flip", 0.1, 1, 5), cell("unif", 0.1, 0.6, 6), cell("unif", 0, 0.5, 7)};
  for (const GenerateTableOptions& options : cells) {
    SCOPED_TRACE(options.kind + " " + std::to_string(options.corrupted) + " " + std::to_string(options.observed));
    const TableOutcome outcome = recover_table(options);
    EXPECT_LT(outcome.error, 1e-6);
    EXPECT_EQ(outcome.found.rank, 3);
    EXPECT_TRUE(outcome.trusted()) << failed_checks(outcome.found);
    EXPECT_EQ(outcome.found.observed, outcome.planted.observed);
    EXPECT_EQ(outcome.found.noise_scale, 0);
    // Additions below the cut cannot be told, and change nothing.
    Index differ = 0;
    for (std::size_t e = 0; e < outcome.found.outliers.size(); ++e)
      differ += outcome.found.outliers[e] != outcome.planted.corrupted[e] ? 1 : 0;
    EXPECT_LE(differ, 1);
  }
}

// Where a start by clipped residuals finds nothing, the convex one does.
TEST(RpcaCells, OneSidedErrorsOfAThird) {
  GenerateTableOptions options;
  options.kind = "one-sided";
  options.corrupted = 0.3;
  options.seed = 3;
  const TableOutcome outcome = recover_table(options);
  EXPECT_LT(outcome.error, 1e-6);
  EXPECT_EQ(outcome.found.rank, 5);
  EXPECT_TRUE(outcome.trusted()) << failed_checks(outcome.found);
}

TEST(RpcaCells, FactorsAreBalanced) {
  const Decomposed found = recover_table(cell("unif", 0.2, 1, 8)).found;
  const Matrix left = found.L.transpose() * found.L, right = found.R.transpose() * found.R;
  const Matrix expected = found.singular_values.head(3).asDiagonal();
  EXPECT_LT((left - expected).norm(), 1e-9 * expected.norm());
  EXPECT_LT((right - expected).norm(), 1e-9 * expected.norm());
}

TEST(RpcaCells, PrincipalComponentPursuitByName) {
  const TableOutcome outcome = recover_table(cell("unif", 0.05, 1, 9), {.method = "pcp"});
  EXPECT_LT(outcome.error, 1e-5);
  EXPECT_EQ(outcome.found.rank, 3);
  EXPECT_TRUE(outcome.trusted()) << failed_checks(outcome.found);
}

TEST(RpcaCells, AtMostTheRankThatIsAllowed) {
  for (const char* method : {"auto", "noisy", "pcp"}) {
    const TableOutcome outcome = recover_table(cell("unif", 0.1, 1, 10), {.method = method, .rank = 2});
    EXPECT_LE(outcome.found.rank, 2) << method;
    EXPECT_FALSE(outcome.trusted()) << method;
  }
}

TEST(RpcaCells, WhatIsWrongIsNeverTrusted) {
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    for (const GenerateTableOptions& options :
         {cell("flip", 0.42, 1, seed), cell("unif", 0.3, 0.2, seed), cell("one-sided", 0.45, 1, seed)}) {
      SCOPED_TRACE(options.kind + " seed " + std::to_string(seed));
      const TableOutcome outcome = recover_table(options);
      if (outcome.error < 1e-3) continue;
      ++wrong;
      EXPECT_FALSE(outcome.trusted()) << outcome.error;
    }
  EXPECT_GT(wrong, 6);
}

// A wrong block is a matrix of rank one: the honest low-rank answer is truth and block together, as the documentation says.
TEST(RpcaCells, AWrongBlockIsPartOfTheAnswer) {
  GenerateTableOptions options = cell("block", 0.4, 1, 2);
  const TableOutcome outcome = recover_table(options);
  EXPECT_EQ(outcome.found.rank, 4);
  EXPECT_GT(outcome.error, 0.1);
  EXPECT_LT((outcome.found.L * outcome.found.R.transpose() - outcome.planted.Y).norm(), 1e-6 * outcome.planted.Y.norm());
}

// Of a row that was negated in half of its places no data tell which half is meant.
TEST(RpcaCells, ARowThatTwoAnswersExplainIsNamed) {
  GeneratedTable planted = generate_table(cell("unif", 0.05, 1, 11));
  for (Index j = 0; j < planted.Y.cols(); j += 2) planted.Y(7, j) = -planted.X(7, j);
  const Decomposed found = rpca(planted.Y, {});
  EXPECT_NE(found.evidence.verdict, Verdict::trusted);
  EXPECT_EQ(found.doubtful_rows, std::vector<Index>{7});
}

}  // namespace
}  // namespace gossan
