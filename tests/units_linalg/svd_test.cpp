#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

Svd truncated(const Matrix& M, Index k) {
  return truncated_svd(
      M.rows(), M.cols(), [&](const Vector& x, Vector& y) { y.noalias() = M * x; },
      [&](const Vector& x, Vector& y) { y.noalias() = M.transpose() * x; }, k);
}

// An independent yardstick: one-sided Jacobi, the most accurate of the dense methods.
Vector jacobi_values(const Matrix& M) { return Eigen::JacobiSVD<Eigen::MatrixXd>(M).singularValues(); }

void expect_svd(const Matrix& M, const Svd& svd, Index k) {
  const Vector wanted = jacobi_values(M).head(k);
  const double scale = std::max(wanted(0), 1e-300);
  ASSERT_EQ(svd.s.size(), k);
  EXPECT_LE((svd.s - wanted).cwiseAbs().maxCoeff(), 1e-11 * scale);
  EXPECT_LE((svd.U.transpose() * svd.U - Matrix::Identity(k, k)).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LE((svd.V.transpose() * svd.V - Matrix::Identity(k, k)).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LE((M * svd.V - svd.U * svd.s.asDiagonal()).cwiseAbs().maxCoeff(), 1e-10 * scale);
  EXPECT_LE((M.transpose() * svd.U - svd.V * svd.s.asDiagonal()).cwiseAbs().maxCoeff(), 1e-8 * scale);
  for (Index a = 0; a < k; ++a) EXPECT_GT(svd.U.col(a).maxCoeff(), -svd.U.col(a).minCoeff() - 1e-12);
}

struct Size {
  Index rows, cols;
};
constexpr Size sizes[] = {{1, 1}, {1, 5}, {5, 1}, {3, 2}, {17, 64}, {64, 65}, {65, 200}, {200, 90}, {130, 130}};

TEST(Svd, OfRandomMatrices) {
  for (const auto [rows, cols] : sizes) {
    SCOPED_TRACE(testing::Message() << rows << " x " << cols);
    const Matrix M = normal_matrix(rows, cols, Random(1, static_cast<std::uint64_t>(rows * cols)));
    const Index all = std::min(rows, cols);
    expect_svd(M, svd(M), all);
    for (Index k : {Index{1}, std::min<Index>(4, all), all}) expect_svd(M, truncated(M, k), k);
    EXPECT_NEAR(spectral_norm(M), jacobi_values(M)(0), 1e-10 * jacobi_values(M)(0));
  }
}

// Values past the rank come out at the machine's precision, not at its square root.
TEST(Svd, OfLowRankMatricesEndsInZeros) {
  for (const auto [rows, cols] : {Size{100, 150}, Size{300, 80}, Size{40, 20}}) {
    const Matrix M = normal_matrix(rows, 3, Random(2, 0)) * normal_matrix(3, cols, Random(2, 1));
    const Svd found = truncated(M, 6);
    expect_svd(M, found, 6);
    EXPECT_LE(found.s(3), 1e-12 * found.s(0));
  }
}

TEST(Svd, OfZeroAndEmptyMatrices) {
  expect_svd(Matrix::Zero(4, 3), svd(Matrix::Zero(4, 3)), 3);
  EXPECT_EQ(truncated(Matrix::Zero(100, 90), 2).s, Vector::Zero(2));
  EXPECT_EQ(svd(Matrix(0, 3)).s.size(), 0);
  EXPECT_EQ(spectral_norm(Matrix(0, 3)), 0);
  EXPECT_EQ(spectral_norm(Matrix::Zero(100, 100)), 0);
}

TEST(SpectralNorm, SurvivesHugeAndTinyEntries) {
  const Matrix M = normal_matrix(80, 90, Random(3, 0));
  const double norm = spectral_norm(M);
  for (double scale : {1e-290, 1e290}) EXPECT_NEAR(spectral_norm(scale * M) / scale, norm, 1e-10 * norm);
}

TEST(SpectralNorm, OfAMatrixThatIsNotFiniteIsNaN) {
  for (Index n : {3, 100})
    for (double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
      Matrix M = Matrix::Ones(n, n);
      M(1, 2) = bad;
      EXPECT_TRUE(std::isnan(spectral_norm(M)));
      EXPECT_THROW(svd(M), std::invalid_argument);
      EXPECT_THROW(truncated(M, 1), std::invalid_argument);
    }
}

TEST(Svd, RefusesBadRequests) {
  EXPECT_THROW(truncated(Matrix::Ones(3, 4), 0), std::invalid_argument);
  EXPECT_THROW(truncated(Matrix::Ones(3, 4), 4), std::invalid_argument);
  EXPECT_THROW(truncated(Matrix(0, 4), 1), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
