// Medians, and singular values of matrices known by their factors.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

TEST(Median, OfOddAndEvenManyAndNone) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({3}), 3);
  EXPECT_EQ(median({5, 1, 3}), 3);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

TEST(Median, WhatIsNoNumberIsEndlesslyLarge) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(median({nan, 1, 2}), 2);
  EXPECT_TRUE(std::isinf(median({nan, nan, 1, 2})));
}

TEST(ProductSvd, IsThatOfTheProduct) {
  struct Size {
    Index rows, cols, rank;
  };
  for (const auto& [rows, cols, rank] :
       {Size{9, 6, 3}, Size{6, 9, 3}, Size{4, 5, 8}, Size{1, 1, 1}, Size{7, 1, 2}, Size{1, 7, 2}}) {
    const Matrix L = normal_matrix(rows, rank, Random(1, 1)), R = normal_matrix(cols, rank, Random(1, 2)), X = L * R.transpose();
    const Svd found = product_svd(L, R);
    const Index k = std::min({rows, cols, rank});
    ASSERT_EQ(found.s.size(), k);
    EXPECT_LT((found.s - svd(X).s.head(k)).norm(), 1e-12 * X.norm());
    EXPECT_LT((found.U * found.s.asDiagonal() * found.V.transpose() - X).norm(), 1e-12 * X.norm());
    EXPECT_LT((found.U.transpose() * found.U - Matrix::Identity(k, k)).norm(), 1e-12);
    EXPECT_LT((found.V.transpose() * found.V - Matrix::Identity(k, k)).norm(), 1e-12);
  }
}

TEST(ProductSvd, RefusesWhatIsNotFinite) {
  Matrix L = Matrix::Ones(3, 2);
  L(1, 1) = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(product_svd(L, Matrix::Ones(4, 2)), std::invalid_argument);
  EXPECT_THROW(product_svd(Matrix::Constant(3, 1, 1e200), Matrix::Constant(3, 1, 1e200)), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
