#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

TEST(Qr, FactorsMultiplyBack) {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 1}, {7, 3}, {3, 7}, {40, 40}, {5, 0}, {0, 5}}) {
    const Matrix A = normal_matrix(rows, cols, Random(5, 0));
    const Index k = std::min(rows, cols);
    const Qr factors = qr(A);
    ASSERT_EQ(factors.Q.rows(), rows);
    ASSERT_EQ(factors.Q.cols(), k);
    EXPECT_LT((factors.Q * factors.R - A).norm(), 1e-13 * (1 + A.norm()));
    EXPECT_LT((factors.Q.transpose() * factors.Q - Matrix::Identity(k, k)).norm(), 1e-13 * static_cast<double>(1 + k));
    for (Index i = 0; i < k; ++i)
      for (Index j = 0; j < std::min(i, cols); ++j) EXPECT_EQ(factors.R(i, j), 0);
    EXPECT_EQ(orthonormal(A), factors.Q);
  }
}

TEST(DenseEigenpairs, DescendWithTheLargestEntryPositive) {
  for (const Index n : {1, 2, 9, 70}) {
    const Matrix G = normal_matrix(n, n, Random(6, 0)), S = G + G.transpose();
    const Eigenpairs pairs = eigenpairs(S);
    EXPECT_LT((S * pairs.vectors - pairs.vectors * pairs.values.asDiagonal()).norm(), 1e-12 * S.norm());
    EXPECT_LT((pairs.vectors.transpose() * pairs.vectors - Matrix::Identity(n, n)).norm(), 1e-12 * static_cast<double>(n));
    for (Index a = 0; a < n; ++a) {
      EXPECT_GE(pairs.values(std::max<Index>(a - 1, 0)), pairs.values(a));
      EXPECT_GE(pairs.vectors.col(a).maxCoeff(), -pairs.vectors.col(a).minCoeff());
    }
    EXPECT_LT((eigenvalues(S) - pairs.values).norm(), 1e-12 * S.norm());
  }
  EXPECT_EQ(eigenvalues(Matrix(0, 0)).size(), 0);
  EXPECT_EQ(eigenpairs(Matrix(0, 0)).values.size(), 0);
}

TEST(DenseEigenpairs, ReadTheLowerTriangleAlone) {
  const Matrix G = normal_matrix(6, 6, Random(7, 0)), S = G + G.transpose();
  Matrix lower = S;
  lower.triangularView<Eigen::StrictlyUpper>().setConstant(1e6);
  EXPECT_EQ(eigenvalues(lower), eigenvalues(S));
  EXPECT_EQ(eigenpairs(lower).vectors, eigenpairs(S).vectors);
}

TEST(DenseEigenpairs, RefuseWhatIsNotFinite) {
  const Matrix S = Matrix::Constant(3, 3, std::numeric_limits<double>::quiet_NaN());
  EXPECT_THROW(eigenvalues(S), std::runtime_error);
  EXPECT_THROW(eigenpairs(S), std::runtime_error);
  EXPECT_THROW(svd(S), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
