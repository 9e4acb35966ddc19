#include <gtest/gtest.h>

#include <Eigen/LU>
#include <Eigen/QR>
#include <cmath>
#include <limits>

#include "gossan/random.hpp"
#include "gossan/trajectory.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

Matrix normals(Index rows, Index cols, std::uint64_t stream) { return normal_matrix(rows, cols, Random(77, stream)); }

std::vector<double> read(const Gauge& gauge, const Matrix& L, const Matrix& R) {
  std::vector<double> values(gauge.columns.size(), -1);
  gauge.read({}, {L, R}, values);
  return values;
}
std::vector<double> read(const Gauge& gauge, const Matrix& U) {
  std::vector<double> values(gauge.columns.size(), -1);
  gauge.read({}, {U, U}, values);
  return values;
}

// An orthonormal basis of what is orthogonal to the columns of V.
Eigen::MatrixXd complement(const Matrix& V) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(V);
  const Eigen::MatrixXd Q = qr.householderQ();
  return Q.rightCols(V.rows() - V.cols());
}

TEST(Signal, IsThePapersDecompositionOfASymmetricFactor) {
  const Matrix B = normals(9, 3, 1), X = B * B.transpose(), U = normals(9, 5, 2);
  const Svd truth = spectrum_of_truth(X);
  ASSERT_EQ(truth.s.size(), 3);
  const auto found = read(signal_and_residual(truth), U);

  const Eigen::MatrixXd S = truth.U.transpose() * U, E = complement(truth.U).transpose() * U;
  const Eigen::MatrixXd P = S.transpose() * (S * S.transpose()).inverse() * S;
  const Eigen::MatrixXd F = E * P, G = E - F, Sigma = truth.s.asDiagonal();
  const double expected[] = {(U * U.transpose() - X).norm(), (Sigma - S * S.transpose()).norm(), (S * E.transpose()).norm(),
                             (E * E.transpose()).norm(),     (F * F.transpose()).norm(),         (G * G.transpose()).norm()};
  for (std::size_t k = 0; k < found.size(); ++k) EXPECT_NEAR(found[k], expected[k], 1e-10 * expected[0]) << k;
}

TEST(Signal, OfAPairAddsUpToTheError) {
  const Matrix X = normals(8, 2, 3) * normals(6, 2, 4).transpose(), L = normals(8, 4, 5), R = normals(6, 4, 6);
  const auto found = read(signal_and_residual(spectrum_of_truth(X)), L, R);
  const double error = (L * R.transpose() - X).norm();
  EXPECT_NEAR(found[0], error, 1e-10 * error);
  EXPECT_NEAR(found[1] * found[1] + 2 * found[2] * found[2] + found[3] * found[3], error * error, 1e-10 * error * error);
}

TEST(Signal, RowSpaceKeepsDirectionsThatAreHardlyBorn) {
  // One direction learnt, the other at 1e-15: what lies along either is aligned, and nothing is stray.
  Matrix U = Matrix::Zero(4, 2);
  U(0, 0) = 1;
  U(1, 1) = 1e-15;
  U(2, 1) = 1e-3;
  Matrix X = Matrix::Zero(4, 4);
  X.diagonal() << 1, 0.5, 0, 0;
  const auto found = read(signal_and_residual(spectrum_of_truth(X)), U);
  EXPECT_NEAR(found[4], 1e-6, 1e-15);
  EXPECT_NEAR(found[5], 0, 1e-18);
}

TEST(Signal, NothingIsLeftAtTheTruth) {
  const Matrix B = normals(5, 5, 7), one = Matrix::Constant(1, 1, 3.0);
  for (const double each : read(signal_and_residual(spectrum_of_truth(B * B.transpose())), B)) EXPECT_NEAR(each, 0, 1e-12);
  const Matrix root = Matrix::Constant(1, 1, std::sqrt(3.0));
  for (const double each : read(signal_and_residual(spectrum_of_truth(one)), root)) EXPECT_NEAR(each, 0, 1e-15);
}

TEST(EffectiveRank, CountsEqualValuesAndIgnoresDust) {
  const Matrix Q = Matrix(complement(normals(9, 4, 8)));  // 9 x 5, orthonormal
  EXPECT_NEAR(read(effective_rank(), Q)[0], 5, 1e-10);
  Matrix dusty = Q;
  dusty.rightCols(2) *= 1e-8;
  EXPECT_NEAR(read(effective_rank(), dusty)[0], 3, 1e-10);
  EXPECT_NEAR(read(effective_rank(), Q * 1e-30, Q * 7)[0], 5, 1e-6);
  EXPECT_EQ(read(effective_rank(), Matrix::Constant(1, 1, 2.0))[0], 1);
  EXPECT_EQ(read(effective_rank(), Matrix::Zero(3, 2))[0], 0);
  // Shares 3/4 and 1/4.
  Matrix two = Matrix::Zero(3, 2);
  two(0, 0) = std::sqrt(3.0);
  two(1, 1) = 1;
  EXPECT_NEAR(read(effective_rank(), two)[0], std::exp(-0.75 * std::log(0.75) - 0.25 * std::log(0.25)), 1e-12);
}

TEST(Truth, MustBeAMatrixThatCanBeLearnt) {
  EXPECT_THROW(spectrum_of_truth(Matrix::Zero(3, 3)), std::invalid_argument);
  EXPECT_THROW(spectrum_of_truth(Matrix::Constant(2, 2, std::numeric_limits<double>::quiet_NaN())), std::invalid_argument);
}

// Every entry of diag(4, 2, 1, 0) is measured: from U = alpha I each coordinate goes its own way, u <- u - 2 eta / n (u^2 - z) u.
TEST(Learning, OfADiagonalProblemIsThatOfItsCoordinates) {
  const Index d = 4;
  const double z[] = {4, 2, 1, 0}, eta = 0.3, alpha = 1e-3;
  Matrix X = Matrix::Zero(d, d);
  X.diagonal() << 4, 2, 1, 0;
  const auto A = full(d, d);
  const auto model = symmetric_factor({d, d, d});
  const auto loss = squared();
  const std::vector<double> y(X.data(), X.data() + X.size());
  const auto objective = data_fit(*A, *model, *loss, y);
  const auto method = subgradient({}, constant({.step = eta}, nullptr));
  Trace trace;
  History history;
  std::vector<std::optional<Index>> emergence;
  const std::vector<Observer> observers{record(history, "descent", 7),
                                        observe(trace, {learning(spectrum_of_truth(X), emergence)}, *model, 7)};
  const Params start{{"U", alpha * Matrix::Identity(d, d)}};
  const Result result = minimise(*objective, *method, start, {.max_iterations = 300}, observers);
  EXPECT_EQ(result.theta[0].value, minimise(*objective, *method, start, {.max_iterations = 300}).theta[0].value);

  ASSERT_EQ(trace.rows.size(), history.size());
  ASSERT_EQ(emergence.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    double u = alpha;
    std::optional<Index> half;
    std::size_t row = 0;
    for (Index k = 1; k <= 300; ++k) {
      u -= 2 * eta / static_cast<double>(d * d) * (u * u - z[i]) * u;
      if (!half && u * u >= z[i] / 2) half = k;
      if (k != 1 && k % 7 != 0) continue;
      ASSERT_LT(row, trace.rows.size());
      EXPECT_EQ(history[row].k, k);
      EXPECT_NEAR(trace.rows[row++][i], u * u / z[i], 1e-9);
    }
    ASSERT_TRUE(half) << i;
    EXPECT_EQ(emergence[i], half) << i;
  }
  EXPECT_LT(*emergence[0], *emergence[1]);
  EXPECT_LT(*emergence[1], *emergence[2]);
}

TEST(Learning, ShowsTwelveAndTimesAll) {
  std::vector<std::optional<Index>> emergence;
  const Gauge gauge = learning(spectrum_of_truth(Matrix::Identity(15, 15)), emergence);
  EXPECT_EQ(gauge.columns.size(), 12U);
  EXPECT_EQ(gauge.columns.back(), "learnt_12");
  ASSERT_EQ(emergence.size(), 15U);
  Matrix U = Matrix::Identity(15, 15);
  U.row(14) *= 0.1;
  gauge.follow({.k = 5}, {U, U});
  EXPECT_EQ(std::count(emergence.begin(), emergence.end(), std::optional<Index>(5)), 14);
}

TEST(Generalisation, IsTheErrorOfHeldOutPredictions) {
  const SensingProblem problem({.rows = 7, .rank = 2, .measurements = 90, .corrupted = 0.3, .seed = 4});
  std::vector<bool> fitted(90, true);
  for (std::size_t e = 0; e < 90; e += 9) fitted[e] = false;
  const Gauge gauge = generalisation(*problem.A, *problem.model, problem.truth.X, fitted);
  const Params theta = problem.random_theta(3);
  double found = 0;
  gauge.read({.k = 1, .theta = &theta}, problem.model->factors(theta), {&found, 1});
  const Matrix wrong = theta[0].value * theta[0].value.transpose() - problem.truth.X;
  double sum = 0;
  for (Index e = 0; e < 90; e += 9) {
    const double error = problem.truth.A.row(e).dot(Eigen::Map<const Vector>(wrong.data(), wrong.size()));
    sum += error * error;
  }
  EXPECT_NEAR(found, std::sqrt(sum / 10), 1e-12 * found);
}

}  // namespace
}  // namespace gossan
