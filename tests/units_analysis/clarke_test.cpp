// The smallest sub-gradient of the absolute loss, against coordinate descent and obvious loops.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <numbers>

#include "gossan/linalg.hpp"
#include "probed.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

using State = Stationarity::State;

// The gradient of one measurement with respect to all parameters, one after another.
Vector measurement_gradient(const Matrix& A, const ProbePoint& at) {
  Matrix left = A * (at.symmetric() ? at.L : at.R), right = A.transpose() * at.L;
  if (at.symmetric()) left += right;
  Vector g(left.size() + (at.symmetric() ? 0 : right.size()));
  g.head(left.size()) = Eigen::Map<const Vector>(left.data(), left.size());
  if (!at.symmetric()) g.tail(right.size()) = Eigen::Map<const Vector>(right.data(), right.size());
  return g;
}

// Bounded least squares by cyclic coordinate descent, to its end.
double smallest_subgradient(const DenseInstance& data, const ProbePoint& at) {
  const Matrix X = product_of(at);
  Eigen::MatrixXd J(at.L.size() + at.R.size(), data.n());
  Vector w(data.n());
  std::vector<bool> free;
  for (Index e = 0; e < data.n(); ++e) {
    J.col(e) = measurement_gradient(data.A[static_cast<std::size_t>(e)], at) / static_cast<double>(data.n());
    const double r = data.residual(e, X);
    free.push_back(std::abs(r) < 1e-9);
    w(e) = free.back() ? 0 : (r > 0 ? 1 : -1);
  }
  Vector g = J * w;
  for (int pass = 0; pass < 20000; ++pass) {
    for (Index e = 0; e < data.n(); ++e) {
      if (!free[static_cast<std::size_t>(e)]) continue;
      const double next = std::clamp(w(e) - J.col(e).dot(g) / J.col(e).squaredNorm(), -1.0, 1.0);
      g += (next - w(e)) * J.col(e);
      w(e) = next;
    }
  }
  return g.norm();
}

TEST(Clarke, FindsTheSmallestSubgradientThatCoordinateDescentFinds) {
  const Matrix U = planted_factor(6, {2, 1}, 3, 1);
  const ProbePoint at{.L = U};
  for (const Index n : {12, 20, 30}) {
    const DenseInstance data = dense_instance(U * U.transpose(), n, n / 2, 10, 4);
    const Stationarity found = probed(data, at).stationarity;
    const double expected = smallest_subgradient(data, at);
    EXPECT_GE(found.residual, expected * (1 - 1e-6)) << n;  // the other is a minimum
    EXPECT_NEAR(found.residual, expected, 0.011 * expected + 1e-4 * found.scale) << n;
    EXPECT_GE(found.slope, -found.residual * (1 + 1e-12)) << n;
    EXPECT_EQ(found.state, found.residual > 1e-3 * found.scale ? State::not_stationary : State::stationary) << n;
  }
}

TEST(Clarke, APairOfFactorsAsWell) {
  const ProbePoint at = factored(normal_matrix(5, 2, Random(1, 5)) * normal_matrix(2, 4, Random(1, 6)), 3);
  ASSERT_FALSE(at.symmetric());
  for (const Index n : {16, 60}) {
    const DenseInstance data = dense_instance(product_of(at), n, n / 4, 10, 2);
    const Stationarity found = probed(data, at).stationarity;
    EXPECT_NEAR(found.residual, smallest_subgradient(data, at), 0.011 * found.residual + 1e-4 * found.scale) << n;
  }
}

TEST(Clarke, ItsSlopeIsADirectionalDerivativeThatTheLossHas) {
  const Matrix U = planted_factor(6, {2, 1}, 3, 1);
  const DenseInstance data = dense_instance(U * U.transpose(), 14, 7, 10, 4);
  const Stationarity found = probed(data, {.L = U}).stationarity;
  ASSERT_EQ(found.state, State::not_stationary);
  // No random unit direction descends faster than the bound, and some descent exists: bounds on both sides.
  double steepest = 0;
  for (std::uint64_t k = 0; k < 2000; ++k) {
    Matrix D = normal_matrix(6, 3, Random(7, k));
    D /= D.norm();
    const double t = 1e-7;
    const double slope =
        (absolute_loss(data, (U + t * D) * (U + t * D).transpose()) - absolute_loss(data, U * U.transpose())) / t;
    steepest = std::min(steepest, slope);
  }
  EXPECT_GE(steepest, -found.residual * 1.001);
  EXPECT_LE(found.slope, steepest + 1e-3 * found.residual);
  EXPECT_LE(found.slope, -0.98 * found.residual);
}

TEST(Clarke, ASharpMinimumIsStationaryAndARandomPointIsNot) {
  const Matrix U = planted_factor(6, {2, 1}, 2, 1);
  const DenseInstance data = dense_instance(U * U.transpose(), 200, 20, 10, 4);
  const Probe sharp = probed(data, {.L = U});
  EXPECT_EQ(sharp.stationarity.state, State::stationary);
  EXPECT_EQ(sharp.verdict, "no descent found");
  EXPECT_GT(sharp.sharpness->least, 0);
  EXPECT_FALSE(sharp.direction);  // full rank leaves no null space
  EXPECT_NE(sharp.no_direction.find("full rank"), std::string::npos);
  EXPECT_EQ(probed(data, {.L = normal_matrix(6, 2, Random(3, 3))}).verdict, "not stationary");
}

}  // namespace
}  // namespace gossan
