#include <gtest/gtest.h>

#include <Eigen/QR>
#include <limits>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

Matrix orthogonal(Index n, std::uint64_t seed) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(normal_matrix(n, n, Random(seed, 0))).householderQ() * Matrix::Identity(n, n);
}

Matrix with_spectrum(const Vector& values, std::uint64_t seed) {
  const Matrix Q = orthogonal(values.size(), seed);
  return Q * values.asDiagonal() * Q.transpose();
}

Eigenpairs of(const Matrix& M, Index k, Which which) {
  return eigenpairs(
      M.rows(), [&](const Vector& x, Vector& y) { y.noalias() = M * x; }, k, which);
}

// The certificate: values as planted, orthonormal vectors, M V = V diag(values), all relative to ||M||.
void expect_pairs(const Matrix& M, const Eigenpairs& pairs, const Vector& wanted, double scale) {
  const Index k = wanted.size();
  ASSERT_EQ(pairs.values.size(), k);
  ASSERT_EQ(pairs.vectors.rows(), M.rows());
  ASSERT_EQ(pairs.vectors.cols(), k);
  EXPECT_LE((pairs.values - wanted).cwiseAbs().maxCoeff(), 1e-11 * scale);
  EXPECT_LE((pairs.vectors.transpose() * pairs.vectors - Matrix::Identity(k, k)).cwiseAbs().maxCoeff(), 1e-10);
  EXPECT_LE((M * pairs.vectors - pairs.vectors * pairs.values.asDiagonal()).cwiseAbs().maxCoeff(), 1e-10 * scale);
  for (Index a = 0; a < k; ++a) EXPECT_GT(pairs.vectors.col(a).maxCoeff(), -pairs.vectors.col(a).minCoeff() - 1e-12);
}

// Both ends of planted spectra, at sizes on both sides of where the dense method ends.
TEST(Eigenpairs, FindBothEndsOfPlantedSpectra) {
  for (Index n : {1, 2, 3, 17, 64, 65, 200}) {
    Vector ascending(n);
    for (Index i = 0; i < n; ++i) ascending(i) = n == 1 ? -3.0 : -2 + 5.0 * static_cast<double>(i) / static_cast<double>(n - 1);
    const Matrix M = with_spectrum(ascending, static_cast<std::uint64_t>(n));
    for (Index k : {Index{1}, std::min<Index>(n, 5), n}) {
      SCOPED_TRACE(testing::Message() << "order " << n << ", " << k << " pairs");
      expect_pairs(M, of(M, k, Which::largest), ascending.reverse().head(k), 3);
      expect_pairs(M, of(M, k, Which::smallest), ascending.head(k), 3);
    }
  }
}

// More pairs than the rank: the rest are zeros, which a test of convergence relative to each value would never accept.
TEST(Eigenpairs, OfLowRankMatricesIncludeZeros) {
  for (double scale : {1e-150, 1.0, 1e150}) {
    Vector values = Vector::Zero(150);
    values.head(3) << 3, 2, 1;
    const Matrix M = scale * with_spectrum(values, 5);
    const Vector largest = scale * values.head(8), smallest = Vector::Zero(4);
    expect_pairs(M, of(M, 8, Which::largest), largest, 3 * scale);
    expect_pairs(M, of(M, 4, Which::smallest), smallest, 3 * scale);
  }
}

TEST(Eigenpairs, OfRepeatedEigenvaluesAreAllFound) {
  Vector values = Vector::Zero(120);
  values.head(10).setOnes();
  const Matrix projection = with_spectrum(values, 6);
  expect_pairs(projection, of(projection, 10, Which::largest), Vector::Ones(10), 1);
  const Matrix identity = Matrix::Identity(120, 120);
  expect_pairs(identity, of(identity, 7, Which::largest), Vector::Ones(7), 1);
  expect_pairs(-identity, of(-identity, 7, Which::largest), -Vector::Ones(7), 1);
}

TEST(Eigenpairs, OfTheZeroMatrixAreZeros) {
  for (Index n : {1, 10, 100}) {
    const Matrix M = Matrix::Zero(n, n);
    expect_pairs(M, of(M, 1, Which::largest), Vector::Zero(1), 1);
  }
}

// A slowly convergent end: eigenvalues of a path's Laplacian crowd quadratically at 0.
TEST(Eigenpairs, OfAPathsLaplacianConverge) {
  constexpr Index n = 400;
  const auto multiply = [](const Vector& x, Vector& y) {
    y = 2 * x;
    y.head(n - 1) -= x.tail(n - 1);
    y.tail(n - 1) -= x.head(n - 1);
  };
  const Eigenpairs pairs = eigenpairs(n, multiply, 3, Which::smallest);
  for (Index a = 0; a < 3; ++a) {
    const double s = std::sin(static_cast<double>(a + 1) * std::acos(-1.0) / (2.0 * (n + 1)));
    EXPECT_NEAR(pairs.values(a), 4 * s * s, 1e-11);
  }
}

TEST(Eigenpairs, AreTheSameBitsEveryTime) {
  const Matrix M = with_spectrum(Vector::LinSpaced(130, -1, 4), 7);
  const Eigenpairs once = of(M, 4, Which::largest), again = of(M, 4, Which::largest);
  EXPECT_EQ(once.values, again.values);
  EXPECT_EQ(once.vectors, again.vectors);
}

TEST(Eigenpairs, RefuseBadRequests) {
  const Matrix M = Matrix::Identity(3, 3);
  EXPECT_THROW(of(M, 0, Which::largest), std::invalid_argument);
  EXPECT_THROW(of(M, 4, Which::largest), std::invalid_argument);
  const auto nothing = [](const Vector&, Vector&) {};
  EXPECT_THROW(eigenpairs(0, nothing, 1), std::invalid_argument);
  for (Index n : {5, 100}) {
    const auto poisoned = [](const Vector&, Vector& y) { y.setConstant(std::numeric_limits<double>::quiet_NaN()); };
    EXPECT_THROW(eigenpairs(n, poisoned, 1), std::invalid_argument);
  }
}

}  // namespace
}  // namespace gossan
