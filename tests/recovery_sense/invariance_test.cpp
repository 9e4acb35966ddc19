// What the tuning-free recovery does not depend on, where it is stopped, and the edges of what it takes.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>

#include "gossan/sense.hpp"
#include "recovery_sense/tuning_free.hpp"

namespace gossan {
namespace {

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
