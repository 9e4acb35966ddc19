// The tuning-free recovery on planted instances, judged against the truth: what is inside its limits is recovered with its rank,
// and no wrong answer is ever trusted.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <string>

#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "sensing_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

struct Outcome {
  Sensed answer;
  double error = 0;
  bool trusted() const { return answer.evidence.verdict == Verdict::trusted; }
};

Outcome judged(Sensed answer, const Matrix& truth) {
  const Matrix X = answer.L * (answer.symmetric ? answer.L : answer.R).transpose();
  return {std::move(answer), (X - truth).norm() / truth.norm()};
}

Outcome recover(const Operator& A, std::span<const double> y, const Matrix& truth, const SenseOptions& options = {}) {
  const ThreadsGuard guard;
  set_threads(1);  // problems too small for two
  return judged(sense(A, y, options), truth);
}

Outcome recover(const GenerateSenseOptions& planted) {
  const GeneratedSensing made = generate_sensing(planted);
  const auto A = made.implicit ? implicit(*made.implicit) : dense(made.A, made.rows, made.cols);
  SenseOptions options;
  options.model = planted.cols == 0 ? "symmetric-factor" : "auto";
  return recover(*A, made.y, made.X, options);
}

std::string name(const GenerateSenseOptions& g) {
  return std::to_string(g.rows) + " x " + std::to_string(g.cols) + " rank " + std::to_string(g.rank) + ", " +
         std::to_string(g.measurements) + " measurements, " + std::to_string(g.corrupted) + " " + g.kind + ", seed " +
         std::to_string(g.seed);
}

// Instances drawn at random over sizes, ranks, spectra, numbers of measurements and kinds of corruption.
GenerateSenseOptions drawn(std::uint64_t seed, double most_corrupted, double least_per_number = 5, double most_per_number = 20) {
  const Random random(seed, 77);
  const char* kinds[] = {"huge", "moderate", "one-sided", "structured"};
  GenerateSenseOptions g;
  g.rows = 15 + static_cast<Index>(10 * random.uniform(0));
  g.rank = 1 + static_cast<Index>(5 * random.uniform(1));
  g.condition = g.rank == 1 ? 1 : std::pow(100, random.uniform(2));
  const double per_number = least_per_number * std::pow(most_per_number / least_per_number, random.uniform(3));
  g.measurements = static_cast<Index>(per_number * static_cast<double>(g.rows * g.rank));
  g.corrupted = most_corrupted * random.uniform(4);
  g.kind = kinds[static_cast<int>(4 * random.uniform(5))];
  g.seed = seed;
  return g;
}

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

struct RankOneProblem {
  RankOneProblem(Index rows, Index cols, Index n, double corrupted, std::uint64_t seed) {
    const bool quadratic = cols == 0;
    const Matrix F = normal_matrix(rows, 2, Random(seed, 1));
    const Matrix G = quadratic ? F : normal_matrix(cols, 2, Random(seed, 2));
    X = F * G.transpose();
    a = normal_matrix(n, rows, Random(seed, 3));
    b = quadratic ? a : normal_matrix(n, cols, Random(seed, 4));
    const Random random(seed, 5);
    for (Index e = 0; e < n; ++e) {
      y.push_back(a.row(e) * X * b.row(e).transpose());
      if (random.uniform(2 * e) < corrupted) y.back() += 10 * X.norm() * random.normal(2 * e + 1);
    }
  }
  Matrix X, a, b;
  std::vector<double> y;
};

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

// --- doubts -------------------------------------------------------------------------------------------------------------------

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

// --- what does not depend -----------------------------------------------------------------------------------------------------

class TuningFreeOne : public testing::Test {
 protected:
  static GeneratedSensing plant() {
    GenerateSenseOptions planted;
    planted.measurements = 400;
    planted.corrupted = 0.2;
    planted.noise = 0.01;
    return generate_sensing(planted);
  }
  GeneratedSensing made = plant();
  std::unique_ptr<Operator> A = dense(made.A, 20, 20);
  ThreadsGuard guard;
};

TEST_F(TuningFreeOne, UnitsOfTheData) {
  for (const double unit : {1e-12, 1e9}) {
    std::vector<double> y = made.y;
    for (double& each : y) each *= unit;
    const Outcome outcome = recover(*A, y, unit * made.X);
    EXPECT_LT(outcome.error, 0.01);
    EXPECT_TRUE(outcome.trusted());
    const Outcome other = recover(*dense(unit * made.A, 20, 20), made.y, made.X / unit);
    EXPECT_LT(other.error, 0.01);
    EXPECT_TRUE(other.trusted());
  }
}

TEST_F(TuningFreeOne, TheNumberOfThreads) {
  set_threads(1);
  const Sensed one = sense(*A, made.y, {});
  set_threads(2);
  const Sensed two = sense(*A, made.y, {});
  EXPECT_EQ(one.L, two.L);
  EXPECT_EQ(one.residuals, two.residuals);
}

TEST_F(TuningFreeOne, WatchersEndItAndTheAnswerIsWhatThereIs) {
  std::atomic<bool> flag = false;
  Watch watch;
  int steps = 0;
  watch.observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
    flag = ++steps >= 15;
    return std::nullopt;
  });
  watch.observers.push_back(interruptible(flag));
  const Sensed answer = sense(*A, made.y, {}, watch);
  EXPECT_EQ(answer.result.status, Status::interrupted);
  EXPECT_GT(answer.rank, 0);
  EXPECT_NE(answer.evidence.verdict, Verdict::trusted);
  EXPECT_NE(answer.evidence.message.find("partial"), std::string::npos);
}

// While the general model is tried: what the symmetric one found stands.
TEST(TuningFree, StoppedInTheSecondModel) {
  const Matrix F = normal_matrix(14, 2, Random(1, 1)), G = normal_matrix(14, 2, Random(1, 2)),
               A = normal_matrix(600, 196, Random(1, 3));
  const Matrix X = F * F.transpose() + 0.05 * F * G.transpose();
  std::vector<double> y;
  for (Index e = 0; e < A.rows(); ++e) y.push_back(A.row(e).dot(Eigen::Map<const Vector>(X.data(), X.size())));
  const auto op = dense(A, 14, 14);
  SenseOptions options;
  options.model = "symmetric-factor";
  const Sensed symmetric = sense(*op, y, options);
  ASSERT_NE(symmetric.evidence.verdict, Verdict::trusted);
  for (const Index more : {1, 10}) {
    Index steps = 0;
    Watch watch;
    watch.observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
      return ++steps >= symmetric.result.iterations + more ? std::optional(Status::interrupted) : std::nullopt;
    });
    const Sensed answer = sense(*op, y, {}, watch);
    EXPECT_EQ(answer.result.status, Status::interrupted);
    EXPECT_TRUE(answer.symmetric);
    EXPECT_EQ(answer.L, symmetric.L);
  }
}

TEST_F(TuningFreeOne, AnIterationLimit) {
  SenseOptions options;
  options.max_iterations = 12;
  const Sensed answer = sense(*A, made.y, options);
  EXPECT_EQ(answer.result.status, Status::iteration_limit);
  EXPECT_LE(answer.result.iterations, 12);
  EXPECT_NE(answer.evidence.verdict, Verdict::trusted);
}

TEST_F(TuningFreeOne, NothingHeldOutIsDoubtful) {
  SenseOptions options;
  options.holdout = 0;
  EXPECT_EQ(sense(*A, made.y, options).evidence.verdict, Verdict::doubtful);
}

TEST(TuningFreeEdges, OneRowOrColumnAndTinyProblems) {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {1, 6}, {6, 1}, {2, 2}, {3, 2}}) {
    SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(cols));
    const Matrix X = normal_matrix(rows, 1, Random(1, 1)).cwiseAbs() * normal_matrix(1, cols, Random(1, 2)).cwiseAbs();
    const Matrix A = normal_matrix(200, rows * cols, Random(2, 2));
    std::vector<double> y;
    for (Index e = 0; e < A.rows(); ++e) y.push_back(A.row(e).dot(Eigen::Map<const Vector>(X.data(), X.size())));
    for (std::size_t e = 0; e < 20; ++e) y[e] = 100;
    SenseOptions options;
    options.model = "factor-pair";
    const Outcome outcome = recover(*dense(A, rows, cols), y, X, options);
    EXPECT_LT(outcome.error, 1e-8);
    EXPECT_TRUE(outcome.trusted()) << outcome.answer.evidence.message;
  }
}

TEST(TuningFreeEdges, MeasurementMatricesOfZeros) {
  const std::vector<double> y(50, 1.0);
  const Sensed answer = sense(*dense(Matrix::Zero(50, 9), 3, 3), y, {});
  EXPECT_EQ(answer.evidence.verdict, Verdict::failed);
  EXPECT_TRUE(answer.L.allFinite());
}

// They tell one number, and less their mean they are rounding.
TEST(TuningFreeEdges, EqualMeasurementMatrices) {
  const Matrix A = normal_matrix(1, 400, Random(1, 1)).replicate(300, 1);
  const std::vector<double> y(300, 1.0);
  for (const char* model : {"symmetric-factor", "factor-pair"}) {
    SCOPED_TRACE(model);
    SenseOptions options;
    options.model = model;
    const Sensed answer = sense(*dense(A, 20, 20), y, options);
    EXPECT_NE(answer.evidence.verdict, Verdict::trusted);
    EXPECT_TRUE(answer.L.allFinite());
  }
}

TEST(TuningFreeEdges, NumbersTooLargeToSquare) {
  const Matrix A = normal_matrix(80, 9, Random(1, 1));
  const std::vector<double> y(80, 1e300);
  EXPECT_NE(sense(*dense(A, 3, 3), y, {}).evidence.verdict, Verdict::trusted);
  EXPECT_NE(sense(*dense(1e200 * A, 3, 3), y, {}).evidence.verdict, Verdict::trusted);
}

}  // namespace
}  // namespace gossan
