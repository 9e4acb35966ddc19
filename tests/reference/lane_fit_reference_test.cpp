// The regressions of eight lanes beside obvious loops.
#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/random.hpp"
#include "recover/rpca/lanes.hpp"
#include "simd_guard.hpp"

namespace gossan {
namespace {

using robust_pca::HalfStep;
using robust_pca::Lanes;

Lanes packed(const Matrix& Y) {
  Lanes lanes(Y.rows(), Y.cols());
  for (Index i = 0; i < Y.rows(); ++i)
    for (Index j = 0; j < Y.cols(); ++j) lanes.at(i, j) = Y(i, j);
  return lanes;
}

Matrix with_holes(Index rows, Index cols) {
  Matrix Y = normal_matrix(rows, cols, Random(1, 1));
  for (Index e = 0; e < Y.size(); e += 5) Y.data()[e] = std::numeric_limits<double>::quiet_NaN();
  return Y;
}

double weight(LaneWeight rule, double residual, double bound) {
  if (rule == LaneWeight::all) return 1;
  if (rule == LaneWeight::huber) return std::min(1.0, bound / std::abs(residual));
  return std::abs(residual) <= bound ? 1 : 0;
}

Matrix slow_half_step(const Matrix& Y, const Matrix& F, const Matrix& X, const HalfStep& step) {
  const Index r = F.cols();
  Matrix found(Y.rows(), r);
  for (Index i = 0; i < Y.rows(); ++i) {
    Eigen::MatrixXd N = step.ridge * Eigen::MatrixXd::Identity(r, r);
    Vector b = Vector::Zero(r);
    for (Index j = 0; j < Y.cols(); ++j) {
      if (std::isnan(Y(i, j))) continue;
      const double w = weight(step.weight, X.row(i).dot(F.row(j)) - Y(i, j), step.bound);
      N += w * F.row(j).transpose() * F.row(j);
      b += w * Y(i, j) * F.row(j).transpose();
    }
    found.row(i) = N.llt().solve(b).transpose();
  }
  return found;
}

class LaneFitReference : public testing::TestWithParam<Index> {};

TEST_P(LaneFitReference, WeightedLeastSquares) {
  const SimdGuard guard;
  const Index r = GetParam();
  const Matrix Y = with_holes(19, 43), F = normal_matrix(43, r, Random(2, 1)), X = normal_matrix(19, r, Random(2, 2));
  for (const std::string& level : guard.levels()) {
    SCOPED_TRACE(level);
    set_simd_level(level);
    for (const LaneWeight rule : {LaneWeight::all, LaneWeight::huber, LaneWeight::trimmed}) {
      const HalfStep step{rule, 1.5, 0.3};
      const Matrix slow = slow_half_step(Y, F, X, step);
      EXPECT_LT((robust_pca::half_step(packed(Y), F, X, step) - slow).norm(), 1e-9 * slow.norm());
    }
  }
}

TEST_P(LaneFitReference, ClippedProductsAndCounts) {
  const SimdGuard guard;
  const Index r = GetParam();
  const Matrix Y = with_holes(21, 17), F = normal_matrix(17, r, Random(3, 1)), X = normal_matrix(21, r, Random(3, 2)),
               V = normal_matrix(17, 4, Random(3, 3));
  constexpr double bound = 0.8;
  Matrix expected = Matrix::Zero(21, 4);
  double expected_squares = 0;
  std::vector<Index> within(21);
  for (Index i = 0; i < 21; ++i)
    for (Index j = 0; j < 17; ++j) {
      if (std::isnan(Y(i, j))) continue;
      const double residual = Y(i, j) - X.row(i).dot(F.row(j));
      const double clipped = std::clamp(residual, -bound, bound);
      expected.row(i) += clipped * V.row(j);
      expected_squares += clipped * clipped;
      within[static_cast<std::size_t>(i)] += std::abs(residual) <= bound ? 1 : 0;
    }
  for (const std::string& level : guard.levels()) {
    SCOPED_TRACE(level);
    set_simd_level(level);
    double squares = 0;
    EXPECT_LT((robust_pca::clipped_product(packed(Y), F, X, bound, V, &squares) - expected).norm(), 1e-12 * expected.norm());
    EXPECT_NEAR(squares, expected_squares, 1e-12 * expected_squares);
    EXPECT_EQ(robust_pca::count_within(packed(Y), F, X, bound), within);
  }
}

INSTANTIATE_TEST_SUITE_P(Ranks, LaneFitReference, testing::Values(1, 2, 5, 11));

// No other x has a smaller sum of absolute residuals: the optimality condition, entry by entry.
TEST(LaneFitReference, LeastAbsoluteDeviationsAreOptimal) {
  constexpr Index r = 3;
  const Matrix Y = with_holes(9, 60), F = normal_matrix(60, r, Random(4, 1));
  const Matrix X = robust_pca::least_absolute(packed(Y), F, std::vector<double>(9, 1.0), 120);
  const auto cost = [&](Index i, const Vector& x) {
    double sum = 0;
    for (Index j = 0; j < 60; ++j) sum += std::isnan(Y(i, j)) ? 0 : std::abs(F.row(j).dot(x) - Y(i, j));
    return sum;
  };
  for (Index i = 0; i < 9; ++i)
    for (Index k = 0; k < 40; ++k) {
      const Vector x = X.row(i).transpose();
      const Vector other = x + 0.01 * normal_matrix(r, 1, Random(5, static_cast<std::uint64_t>(40 * i + k)));
      EXPECT_LT(cost(i, x), cost(i, other) + 1e-5);
    }
}

}  // namespace
}  // namespace gossan
