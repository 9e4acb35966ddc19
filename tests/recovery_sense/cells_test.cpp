// Descent by named parts: planted instances well inside the phase transition are recovered, trusted and told from their outliers;
// wrong answers are never trusted. What decides is the travel budget step / (1 - ratio) against alpha: 50 for alpha = 1e-15 and
// one symmetric factor of rank 3; a pair, whose gradients lack the factor 2, needs twice that.
#include <gtest/gtest.h>

#include <algorithm>

#include "gossan/operators.hpp"
#include "gossan/sense.hpp"
#include "sensing_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

struct Trial {
  explicit Trial(const GenerateSenseOptions& planted, SenseOptions options = {})
      : truth(generate_sensing(planted)), A(dense(truth.A, truth.rows, truth.cols)) {
    if (planted.cols > 0) options.model = "factor-pair";
    const ThreadsGuard guard;
    set_threads(1);  // problems too small for two
    answer = sense(*A, truth.y, options);
    const Matrix X = answer.L * (answer.symmetric ? answer.L : answer.R).transpose();
    error = (X - truth.X).norm() / truth.X.norm();
  }

  GeneratedSensing truth;
  std::unique_ptr<Operator> A;
  Sensed answer;
  double error = 0;
};

GenerateSenseOptions twenty() {
  GenerateSenseOptions planted;
  planted.measurements = 500;
  planted.seed = 1;
  return planted;
}

// The defaults of descent, without the last iterations that no longer move.
SenseOptions brisk(Index iterations = 3000) {
  SenseOptions options;
  options.method = "subgradient";
  options.max_iterations = iterations;
  return options;
}

void expect_recovered(const Trial& trial, double error) {
  const Sensed& answer = trial.answer;
  EXPECT_LT(trial.error, error);
  EXPECT_EQ(answer.rank, trial.truth.rank);
  EXPECT_EQ(answer.evidence.verdict, Verdict::trusted) << answer.evidence.message;
  EXPECT_EQ(answer.residuals.size(), trial.truth.y.size());
}

TEST(SenseCells, SymmetricWithHugeOutliersByTheDefaults) {
  const Trial trial(twenty(), brisk(5000));
  expect_recovered(trial, 1e-8);
  EXPECT_EQ(trial.answer.outliers, trial.truth.corrupted);
  EXPECT_TRUE(trial.answer.symmetric);
  EXPECT_GE(trial.answer.sweeps, trial.answer.result.iterations);
}

TEST(SenseCells, EveryKindOfCorruption) {
  for (const std::string kind : {"huge", "moderate", "sign-flip", "one-sided", "structured"}) {
    SCOPED_TRACE(kind);
    GenerateSenseOptions planted = twenty();
    planted.kind = kind;
    const Trial trial(planted, brisk());
    expect_recovered(trial, 1e-8);
    EXPECT_EQ(trial.answer.outliers, trial.truth.corrupted);
    EXPECT_NEAR(trial.answer.outlier_fraction, 0.1, 1e-12);
  }
}

TEST(SenseCells, AGeneralMatrixByAPair) {
  GenerateSenseOptions planted = twenty();
  planted.rows = 16;
  planted.cols = 12;
  planted.rank = 2;
  planted.measurements = 600;
  const Trial trial(planted, brisk());
  expect_recovered(trial, 1e-8);
  EXPECT_FALSE(trial.answer.symmetric);
  EXPECT_EQ(trial.answer.R.rows(), 12);
  EXPECT_EQ(trial.answer.outliers, trial.truth.corrupted);
}

TEST(SenseCells, ARobustSpectralStartByItsDefaults) {
  SenseOptions options = brisk();
  options.init = "robust-spectral";
  expect_recovered(Trial(twenty(), options), 1e-8);
}

TEST(SenseCells, NoiseIsMeasuredAndLimitsTheError) {
  GenerateSenseOptions planted = twenty();
  planted.noise = 0.01;
  planted.measurements = 1000;
  SenseOptions options = brisk();
  options.rank = 5;
  const Trial trial(planted, options);
  expect_recovered(trial, 0.02);
  const double rms = trial.truth.X.norm();  // of <A, X> with standard Gaussian A
  EXPECT_NEAR(trial.answer.noise_scale, 0.01 * rms, 0.002 * rms);
}

TEST(SenseCells, FortyPerCentWrongAtTheKnownRank) {
  GenerateSenseOptions planted = twenty();
  planted.corrupted = 0.4;
  planted.measurements = 1200;
  SenseOptions options = brisk();
  options.rank = 3;
  const Trial trial(planted, options);
  EXPECT_LT(trial.error, 1e-8);
  EXPECT_EQ(trial.answer.outliers, trial.truth.corrupted);
}

// --- wrong answers
// ---------------------------------------------------------------------------------------------------------------

TEST(SenseDoubts, TooFewMeasurements) {
  GenerateSenseOptions planted = twenty();
  for (const Index n : {Index(30), Index(70)}) {
    planted.measurements = n;
    const Trial trial(planted, brisk(1500));
    EXPECT_GT(trial.error, 0.01);
    EXPECT_NE(trial.answer.evidence.verdict, Verdict::trusted) << n;
  }
}

TEST(SenseDoubts, ABudgetTooSmallToLearnTheLastSingularValue) {
  GenerateSenseOptions planted = twenty();
  planted.measurements = 1000;
  for (const char* step : {"0.2", "0.3"}) {
    SenseOptions options = brisk(1500);
    options.settings = {{"schedule.step", step}};
    const Trial trial(planted, options);
    EXPECT_GT(trial.error, 0.05);
    EXPECT_NE(trial.answer.evidence.verdict, Verdict::trusted) << step << " " << trial.answer.evidence.message;
  }
}

TEST(SenseDoubts, ASearchRankBelowTheTrueOne) {
  SenseOptions options = brisk(1500);
  options.rank = 2;
  const Trial trial(twenty(), options);
  EXPECT_GT(trial.error, 0.05);
  EXPECT_NE(trial.answer.evidence.verdict, Verdict::trusted);
}

TEST(SenseDoubts, NothingButNoise) {
  GenerateSenseOptions planted = twenty();
  planted.corrupted = 1;
  const Trial trial(planted, brisk(1500));
  EXPECT_EQ(trial.answer.evidence.verdict, Verdict::failed) << trial.answer.evidence.message;
}

TEST(SenseDoubts, ARunCutShort) {
  for (const Index iterations : {1, 5, 20}) {
    const Trial trial(twenty(), brisk(iterations));
    EXPECT_EQ(trial.answer.rank, 0) << "there is nothing yet after " << iterations;
    EXPECT_EQ(trial.answer.evidence.verdict, Verdict::failed);
  }
  EXPECT_NE(Trial(twenty(), brisk(60)).answer.evidence.verdict, Verdict::trusted);
}

// Columns of the factors that no measurement needed keep a size of their own, far below what a residual could show.
TEST(SenseCells, DustOfTheSearchRankIsNoRank) {
  constexpr Index rows = 20, cols = 15, rank = 2;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Matrix L = normal_matrix(rows, rank, Random(seed, 1)), R = normal_matrix(cols, rank, Random(seed, 2));
    const Random random(seed, 3);
    std::vector<Index> i, j;
    std::vector<double> y;
    for (Index e = 0; e < rows * cols; ++e) {
      i.push_back(e / cols);
      j.push_back(e % cols);
      const bool wrong = random.uniform(2 * e) < 0.05;
      y.push_back(L.row(i.back()).dot(R.row(j.back())) + (wrong ? 20 * random.normal(2 * e + 1) : 0));
    }
    const auto A = entries(rows, cols, i, j);
    const ThreadsGuard guard;
    set_threads(1);
    SenseOptions options = brisk(2000);
    options.model = "factor-pair";
    options.schedule = "geometric";
    options.settings = {{"schedule.step", "20"}, {"schedule.ratio", "0.99"}};
    const Sensed answer = sense(*A, y, options);
    const double error = (answer.L * answer.R.transpose() - L * R.transpose()).norm() / (L * R.transpose()).norm();
    EXPECT_LT(error, 1e-3) << "seed " << seed;
    EXPECT_EQ(answer.rank, rank) << answer.singular_values.transpose();
  }
}

TEST(SenseDoubts, SquaredLossUnderOutliers) {
  SenseOptions options = brisk(1500);
  options.loss = "squared";
  const Trial trial(twenty(), options);
  EXPECT_GT(trial.error, 0.05);
  EXPECT_NE(trial.answer.evidence.verdict, Verdict::trusted);
}

TEST(SenseDoubts, DivergenceIsAFailureAndNotAnException) {
  SenseOptions options;
  options.loss = "squared";
  options.schedule = "constant";
  options.settings = {{"schedule.step", "1e9"}, {"init.alpha", "1"}};
  const Trial trial(twenty(), options);
  EXPECT_EQ(trial.answer.result.status, Status::diverged);
  EXPECT_EQ(trial.answer.evidence.verdict, Verdict::failed);
  EXPECT_TRUE(trial.answer.L.allFinite());
}

TEST(SenseDoubts, NothingHeldOut) {
  SenseOptions options = brisk(1500);
  options.holdout = 0;
  EXPECT_EQ(Trial(twenty(), options).answer.evidence.verdict, Verdict::doubtful);
}

TEST(SenseDoubts, AllZeros) {
  const auto A = dense(normal_matrix(200, 25, Random(1, 1)), 5, 5);
  const std::vector<double> y(200, 0.0);
  const Sensed answer = sense(*A, y, {});
  EXPECT_EQ(answer.rank, 0);
  EXPECT_NE(answer.evidence.verdict, Verdict::trusted);
}

TEST(SenseDoubts, OneMeasurementOfOneNumber) {
  const auto A = dense(Matrix::Constant(1, 1, 2), 1, 1);
  const std::vector<double> y{3.0};
  EXPECT_NE(sense(*A, y, {}).evidence.verdict, Verdict::trusted);
}

}  // namespace
}  // namespace gossan
