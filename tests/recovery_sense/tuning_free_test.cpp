// The tuning-free recovery on planted instances, judged against the truth: what is inside its limits is recovered with its rank.
#include "recovery_sense/tuning_free.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>

namespace gossan {
namespace {

TEST(TuningFree, InstancesInsideItsLimits) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const GenerateSenseOptions planted = drawn(seed, 0.4);
    SCOPED_TRACE(name(planted));
    const Outcome outcome = recover(planted);
    EXPECT_LT(outcome.error, 1e-8);
    EXPECT_EQ(outcome.answer.rank, planted.rank);
    EXPECT_TRUE(outcome.trusted()) << outcome.answer.evidence.message;
    EXPECT_LT(outcome.answer.sweeps, 150);
  }
}

TEST(TuningFree, AnExactFitHoldsNothingOut) {
  const Outcome outcome = recover(drawn(1, 0.4));
  ASSERT_TRUE(outcome.trusted());
  EXPECT_EQ(outcome.answer.expected_error, 0);
  EXPECT_EQ(outcome.answer.evidence.message.find("Held-out"), std::string::npos);
  EXPECT_EQ(outcome.answer.holdout_median, 0);
  EXPECT_LT(outcome.answer.training_median, 1e-8);
}

TEST(TuningFree, OnePerCentOfNoise) {
  double false_flags = 0, honest = 0;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    GenerateSenseOptions planted = drawn(seed, 0.4);
    planted.noise = 0.01;
    SCOPED_TRACE(name(planted));
    const GeneratedSensing made = generate_sensing(planted);
    const auto A = dense(made.A, made.rows, made.cols);
    SenseOptions options;
    options.model = "symmetric-factor";
    const Outcome outcome = recover(*A, made.y, made.X, options);
    double inliers = 0;
    for (const bool corrupted : made.corrupted) inliers += corrupted ? 0 : 1;
    const auto r = static_cast<double>(planted.rank), d = static_cast<double>(planted.rows);
    const double freedom = r * d - r * (r - 1) / 2;
    const double least_squares = 0.01 * std::sqrt(freedom / (inliers - freedom));  // told the rank and the inliers, in the mean
    EXPECT_LT(outcome.error, 1.5 * least_squares);
    EXPECT_EQ(outcome.answer.rank, planted.rank);
    EXPECT_NEAR(outcome.answer.noise_scale / (0.01 * made.X.norm()), 1, 0.25);
    EXPECT_NEAR(outcome.answer.expected_error / outcome.error, 1, 0.6);
    for (std::size_t e = 0; e < made.y.size(); ++e) {
      if (made.corrupted[e]) continue;
      ++honest;
      false_flags += outcome.answer.outliers[e] ? 1 : 0;
    }
  }
  EXPECT_LT(false_flags / honest, 0.002);
}

TEST(TuningFree, GeneralMatrices) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    GenerateSenseOptions planted = drawn(seed, 0.3, 8);
    planted.cols = planted.rows + 4;
    planted.measurements *= 2;
    SCOPED_TRACE(name(planted));
    const Outcome outcome = recover(planted);
    EXPECT_LT(outcome.error, 1e-8);
    EXPECT_EQ(outcome.answer.rank, planted.rank);
    EXPECT_TRUE(outcome.trusted()) << outcome.answer.evidence.message;
  }
}

TEST(TuningFree, ImplicitEnsembles) {
  for (const char* ensemble : {"rademacher", "gaussian-table"}) {
    GenerateSenseOptions planted = drawn(3, 0.3, 10);
    planted.ensemble = ensemble;
    SCOPED_TRACE(ensemble);
    const Outcome outcome = recover(planted);
    EXPECT_LT(outcome.error, 1e-8);
    EXPECT_TRUE(outcome.trusted()) << outcome.answer.evidence.message;
  }
}

// A matrix of order beyond what is decomposed densely.
TEST(TuningFree, OrderOneHundred) {
  GenerateSenseOptions planted;
  planted.rows = 100;
  planted.measurements = 2000;
  planted.corrupted = 0.2;
  planted.ensemble = "rademacher";
  const Outcome outcome = recover(planted);
  EXPECT_LT(outcome.error, 1e-8);
  EXPECT_EQ(outcome.answer.rank, 3);
  EXPECT_TRUE(outcome.trusted());
}

// --- designs ------------------------------------------------------------------------------------------------------------------

// The mean of a a^T is the identity: what all measurements share is tr X, which must not drown the rest.
TEST(TuningFree, QuadraticMeasurements) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const RankOneProblem problem(20, 0, 500, 0.3, seed);
    const Outcome outcome = recover(*rank_one(problem.a), problem.y, problem.X);
    EXPECT_LT(outcome.error, 1e-8);
    EXPECT_EQ(outcome.answer.rank, 2);
    EXPECT_TRUE(outcome.answer.symmetric);
    EXPECT_TRUE(outcome.trusted()) << outcome.answer.evidence.message;
  }
}

TEST(TuningFree, BilinearMeasurements) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const RankOneProblem problem(20, 15, 700, 0.3, seed);
    const Outcome outcome = recover(*rank_one(problem.a, problem.b), problem.y, problem.X);
    EXPECT_LT(outcome.error, 1e-8);
    EXPECT_EQ(outcome.answer.rank, 2);
    EXPECT_TRUE(outcome.trusted()) << outcome.answer.evidence.message;
  }
}

// --- which model --------------------------------------------------------------------------------------------------------------

Outcome square(const Matrix& X, Index n, double noise) {
  const Matrix A = normal_matrix(n, X.size(), Random(5, 5));
  const Random random(6, 6);
  std::vector<double> y;
  for (Index e = 0; e < n; ++e) {
    const Matrix each = Eigen::Map<const Matrix>(A.row(e).data(), X.rows(), X.cols());
    y.push_back(each.cwiseProduct(X).sum() + noise * X.norm() * random.normal(e));
    if (random.uniform(n + e) < 0.2) y.back() *= -7;
  }
  return recover(*dense(A, X.rows(), X.cols()), y, X);
}

TEST(TuningFree, TheModelIsDecidedByTheData) {
  const Matrix F = normal_matrix(14, 2, Random(1, 1)), G = normal_matrix(14, 2, Random(1, 2));
  for (const double noise : {0.0, 0.01}) {
    SCOPED_TRACE(noise);
    const Outcome symmetric = square(F * F.transpose(), 500, noise);
    EXPECT_TRUE(symmetric.answer.symmetric);
    EXPECT_TRUE(symmetric.trusted()) << symmetric.answer.evidence.message;
    const Outcome general = square(F * G.transpose(), 600, noise);
    EXPECT_FALSE(general.answer.symmetric);
    EXPECT_LT(general.error, noise == 0 ? 1e-8 : 0.01);
    EXPECT_TRUE(general.trusted()) << general.answer.evidence.message;
    EXPECT_EQ(general.answer.choices.front().second.substr(0, 11), "factor-pair");
    EXPECT_NE(general.answer.choices.front().second.find("held-out"), std::string::npos);
    const Outcome indefinite = square(F * F.transpose() - 2 * G * G.transpose(), 900, noise);
    EXPECT_FALSE(indefinite.answer.symmetric);
    EXPECT_EQ(indefinite.answer.rank, 4);
    EXPECT_LT(indefinite.error, noise == 0 ? 1e-8 : 0.02);
  }
}

// Few quadratic measurements: both scores rest where a weak direction passes for noise; from there one more direction explains
// all.
TEST(TuningFree, AWeakDirectionThatEveryRunMisses) {
  int right = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const RankOneProblem problem(20, 15, 300, 0.2, seed);
    const Outcome outcome = recover(*rank_one(problem.a, problem.b), problem.y, problem.X);
    right += outcome.error < 1e-8 ? 1 : 0;
    EXPECT_TRUE(outcome.error < 1e-8 || !outcome.trusted()) << seed;
  }
  EXPECT_GE(right, 19);
}

}  // namespace
}  // namespace gossan
