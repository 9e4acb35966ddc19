// Features that span the rows and columns of the matrix: how many entries are needed depends on them, not on its size.
#include <gtest/gtest.h>

#include "recovery_complete/planted.hpp"

namespace gossan {
namespace {

struct InductiveInstance {
  Ratings data;
  SideInformation side;
  Matrix X;
};

// n x n of rank 3 within 12 features a side, off their span by `apart`, seen at `entries` random places.
InductiveInstance inductive_instance(Index n, Index entries, double noise, double apart, std::uint64_t seed) {
  constexpr Index a = 12, r = 3;
  InductiveInstance made;
  made.side.rows = normal_matrix(n, a, Random(seed, 911));
  made.side.cols = normal_matrix(n, a, Random(seed, 912));
  const Matrix P = normal_matrix(a, r, Random(seed, 913)), Q = normal_matrix(a, r, Random(seed, 914));
  made.X = made.side.rows * P * Q.transpose() * made.side.cols.transpose();
  made.X *= static_cast<double>(n) / made.X.norm();
  if (apart > 0) {
    const Matrix off = normal_matrix(n, r, Random(seed, 915)) * normal_matrix(n, r, Random(seed, 916)).transpose();
    made.X += apart * static_cast<double>(n) / off.norm() * off;
  }
  made.data.rows = made.data.cols = n;
  const std::vector<Index> order = permutation(n * n, Random(seed, 917));
  const Random random(seed, 918);
  for (Index e = 0; e < entries; ++e) {
    const Index at = order[static_cast<std::size_t>(e)];
    made.data.i.push_back(at / n);
    made.data.j.push_back(at % n);
    made.data.value.push_back(made.X(at / n, at % n) + noise * random.normal(e));
  }
  return made;
}

// Rank 3 within 12 + 12 features: 63 unknowns. 400 entries are less than one a row and column where n is 500.
TEST(Inductive, ErrorDoesNotGrowWithTheMatrix) {
  for (const Index n : {100, 500}) {
    const InductiveInstance made = inductive_instance(n, 400, 0, 0, 1);
    const Completed completed = complete(made.data, {}, made.side);
    EXPECT_EQ(completed.method, "inductive");
    EXPECT_EQ(completed.rank, 3);
    EXPECT_LT(relative(whole(completed), made.X), 1e-6) << n;
    EXPECT_EQ(completed.evidence.verdict, Verdict::trusted) << completed.evidence.message;
    EXPECT_GT(relative(whole(complete(made.data, {.method = "pursuit"})), made.X), 0.3) << n;
  }
}

TEST(Inductive, ErrorIsInProportionToTheNoise) {
  const auto error = [](double noise) {
    const InductiveInstance made = inductive_instance(200, 1500, noise, 0, 2);
    return relative(whole(complete(made.data, {.method = "inductive"}, made.side)), made.X);
  };
  const double small = error(0.01), large = error(0.1);
  EXPECT_LT(small, 0.01);
  EXPECT_NEAR(large / small, 10, 3);
}

TEST(Inductive, ErrorStopsAtTheDistanceFromTheSpans) {
  const auto error = [](double apart) {
    const InductiveInstance made = inductive_instance(150, 3000, 0, apart, 3);
    return relative(whole(complete(made.data, {.method = "inductive"}, made.side)), made.X);
  };
  const double near = error(0.02), far = error(0.2);
  EXPECT_GT(near, 0.01);
  EXPECT_LT(near, 0.04);
  EXPECT_NEAR(far / near, 10, 3);
}

// Too few entries for a share of them to be held out.
TEST(Inductive, FindsTheRankWithoutHeldOutEntries) {
  const InductiveInstance made = inductive_instance(60, 170, 0, 0, 8);
  const Completed completed = complete(made.data, {.method = "inductive"}, made.side);
  EXPECT_EQ(completed.rank, 3);
  const Matrix X = completed.row.factor * completed.col.factor.transpose();
  EXPECT_LT((X - made.X).norm(), 1e-6 * made.X.norm());
}

TEST(Inductive, WantsFeatures) {
  const InductiveInstance made = inductive_instance(20, 100, 0, 0, 4);
  EXPECT_THROW(complete(made.data, {.method = "inductive"}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
