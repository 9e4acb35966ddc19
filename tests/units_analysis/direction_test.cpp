// The structured direction of the absolute loss, against dense formulas.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <numbers>

#include "gossan/linalg.hpp"
#include "probed.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(StructuredDirection, LeavesXAsItIsToFirstOrderAndHasTheSlopeThatTheLossHas) {
  for (const bool symmetric : {true, false}) {
    SCOPED_TRACE(symmetric ? "symmetric" : "pair");
    const Matrix V = normal_matrix(7, 2, Random(1, 8)), W = normal_matrix(5, 2, Random(1, 9));
    const ProbePoint at = factored(symmetric ? Matrix(V * V.transpose()) : Matrix(V * W.transpose()), 4);
    ASSERT_EQ(at.symmetric(), symmetric);
    const Matrix X = product_of(at);
    const DenseInstance data = dense_instance(X, 60, 30, 10, 3);
    const Probe found = probed(data, at);
    ASSERT_TRUE(found.direction);
    const StructuredDirection& way = *found.direction;
    EXPECT_EQ(way.freedom, 2);
    EXPECT_EQ(found.zero_residuals, 30);

    const Matrix dL = way.direction[0].value, dR = way.direction[symmetric ? 0 : 1].value;
    const Matrix R = symmetric ? at.L : at.R;
    EXPECT_LT((dL * R.transpose() + at.L * dR.transpose()).norm(), 1e-12);
    const Matrix P = dL * dR.transpose();
    EXPECT_NEAR(P.norm(), 1, 1e-12);

    double cost = 0, gain = 0, most = 0, least = 1e300;
    Matrix M = Matrix::Zero(X.rows(), X.cols());
    for (Index e = 0; e < data.n(); ++e) {
      const Matrix& A = data.A[static_cast<std::size_t>(e)];
      const double a = A.cwiseProduct(P).sum(), r = data.residual(e, X);
      most = std::max(most, std::abs(a));
      if (e >= 30) {
        cost += std::abs(a) / 60;
        continue;
      }
      gain += (r > 0 ? a : -a) / 60;
      M += (r > 0 ? 1.0 : -1.0) / 60 * A;
      least = std::min(least, std::abs(r));
    }
    EXPECT_NEAR(way.zero_cost, cost, 1e-12);
    EXPECT_NEAR(way.outlier_gain, gain, 1e-12);
    EXPECT_NEAR(way.gamma_limit, std::sqrt(least / most), 1e-9);
    EXPECT_NEAR(way.gaussian_cost, std::sqrt(2 / std::numbers::pi) / 2, 1e-12);
    // No P of rank 2 that the model can make has a larger gain.
    if (symmetric) {
      const Vector l = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(0.5 * (M + M.transpose())).eigenvalues();
      EXPECT_NEAR(way.outlier_gain, -l.head(2).cwiseMin(0.0).norm(), 1e-12);
    } else {
      EXPECT_NEAR(way.outlier_gain, -svd(M).s.head(2).norm(), 1e-12);
    }
    ASSERT_EQ(way.differences.size(), 3U);
    for (const Difference& step : way.differences) {
      EXPECT_EQ(step.sign_changes, 0);
      EXPECT_NEAR(step.slope, way.slope, 1e-7) << step.gamma;
    }
    const double gamma = way.differences.front().gamma;
    const double change = absolute_loss(data, product_of(moved(at, way.direction, gamma))) - absolute_loss(data, X);
    EXPECT_NEAR(change / (gamma * gamma), way.slope, 1e-9 / (gamma * gamma));
    EXPECT_NEAR(way.curvature, 2 * way.slope / (dL.squaredNorm() + (symmetric ? 0 : dR.squaredNorm())), 1e-12);
  }
}

TEST(StructuredDirection, AStepBeyondItsLimitTurnsSigns) {
  const Matrix U = planted_factor(8, {3, 1}, 8, 2);
  const DenseInstance data = dense_instance(U * U.transpose(), 60, 30, 10, 3);
  const double limit = probed(data, {.L = U}).direction->gamma_limit;
  ProbeOptions options;
  options.gamma = 4 * limit;
  const StructuredDirection way = *probed(data, {.L = U}, options).direction;
  EXPECT_EQ(way.differences.front().gamma, 4 * limit);
  EXPECT_GT(way.differences.front().sign_changes, 0);
  EXPECT_EQ(way.differences.back().sign_changes, 0);
}

// d = 20, eigenvalues 10, 5, 1, search rank 20, errors N(0, 100): mean slopes of an earlier simulation in NumPy.
TEST(StructuredDirection, TheTableOfTheFullyOverParameterisedTruth) {
  struct Cell {
    Index n;
    double wrong, slope;
    int least, most;  // descents of ten
  };
  for (const Cell cell : {Cell{100, 0.5, -0.31, 9, 10}, Cell{200, 0.5, -0.12, 7, 10}, Cell{100, 0.3, 0.0, 2, 8},
                          Cell{1000, 0.5, 0.17, 0, 0}, Cell{1000, 0.1, 0.62, 0, 0}}) {
    double mean = 0;
    int descents = 0;
    for (std::uint64_t draw = 0; draw < 10; ++draw) {
      const Matrix U = planted_factor(20, {10, 5, 1}, 20, draw);
      const auto wrong = static_cast<Index>(cell.wrong * static_cast<double>(cell.n));
      const DenseInstance data = dense_instance(U * U.transpose(), cell.n, wrong, 10, 100 + draw);
      ProbeOptions options;
      options.max_iterations = 1;
      const Probe found = probed(data, {.L = U}, options);
      mean += found.direction->slope / 10;
      descents += found.direction->descends() ? 1 : 0;
    }
    EXPECT_NEAR(mean, cell.slope, 0.06) << cell.n << " " << cell.wrong;
    EXPECT_GE(descents, cell.least) << cell.n << " " << cell.wrong;
    EXPECT_LE(descents, cell.most) << cell.n << " " << cell.wrong;
  }
}

}  // namespace
}  // namespace gossan
