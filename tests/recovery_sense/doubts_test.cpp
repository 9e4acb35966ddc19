// No wrong answer of the tuning-free recovery is ever trusted.
#include <gtest/gtest.h>

#include <cmath>

#include "gossan/sense.hpp"
#include "recovery_sense/tuning_free.hpp"

namespace gossan {
namespace {

TEST(TuningFreeDoubts, TooFewMeasurementsAreNeverTrustedWhereWrong) {
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const GenerateSenseOptions planted = drawn(seed, 0.45, 1, 4);
    SCOPED_TRACE(name(planted));
    const Outcome outcome = recover(planted);
    if (outcome.error < 1e-3) continue;
    ++wrong;
    EXPECT_FALSE(outcome.trusted()) << outcome.error;
  }
  EXPECT_GT(wrong, 20);
}

TEST(TuningFreeDoubts, SignFlipsOfNearlyHalf) {
  int wrong = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    GenerateSenseOptions planted = drawn(seed, 0.4);
    planted.kind = "sign-flip";
    planted.corrupted = 0.45;
    SCOPED_TRACE(name(planted));
    const Outcome outcome = recover(planted);
    if (outcome.error < 1e-3) continue;
    ++wrong;
    EXPECT_FALSE(outcome.trusted());
  }
  EXPECT_GT(wrong, 5);
}

// Exact fits of equations that say nothing of a part of X.
TEST(TuningFreeDoubts, WhatIsNotMeasuredIsNotTrusted) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const Matrix F = normal_matrix(16, 2, Random(seed, 1)), G = normal_matrix(16, 2, Random(seed, 2));
    Matrix A = normal_matrix(400, 256, Random(seed, 3));
    for (Index e = 0; e < A.rows(); ++e) {
      Eigen::Map<Matrix> each(A.row(e).data(), 16, 16);
      each.row(3).setZero();
      each.col(3).setZero();
    }
    const Matrix X = F * F.transpose();
    const Vector y = A * Eigen::Map<const Vector>(X.data(), X.size());
    EXPECT_FALSE(recover(*dense(A, 16, 16), {y.data(), 400}, X).trusted()) << "a row and column are never measured";

    const RankOneProblem symmetric_matrices(16, 0, 800, 0, seed);
    const Matrix oblique = F * G.transpose();
    std::vector<double> z;
    for (Index e = 0; e < 800; ++e) {
      z.push_back(symmetric_matrices.a.row(e) * oblique * symmetric_matrices.a.row(e).transpose());
    }
    EXPECT_FALSE(recover(*rank_one(symmetric_matrices.a), z, oblique).trusted()) << "the antisymmetric part is not measured";
  }
}

TEST(TuningFreeDoubts, NothingButNoise) {
  GenerateSenseOptions planted = drawn(1, 0);
  planted.corrupted = 1;
  EXPECT_EQ(recover(planted).answer.evidence.verdict, Verdict::failed);
}

TEST(TuningFreeDoubts, WithoutAnAnswerNoErrorIsExpected) {
  const std::vector<double> y(50, 0.0);
  EXPECT_TRUE(std::isnan(sense(*dense(normal_matrix(50, 9, Random(1, 1)), 3, 3), y, {}).expected_error));
}

TEST(TuningFreeDoubts, ARankThatIsTooSmall) {
  const GenerateSenseOptions planted = [] {
    GenerateSenseOptions g;
    g.measurements = 600;
    return g;
  }();
  const GeneratedSensing made = generate_sensing(planted);
  SenseOptions options;
  options.rank = 2;
  const Outcome outcome = recover(*dense(made.A, 20, 20), made.y, made.X, options);
  EXPECT_LE(outcome.answer.rank, 2);
  EXPECT_FALSE(outcome.trusted());
}

}  // namespace
}  // namespace gossan
