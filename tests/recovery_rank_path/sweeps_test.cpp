// The sweep against the definition, written as loops.
#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <algorithm>

#include "planted.hpp"
#include "recover/rank_path/huber_sweeps.hpp"

namespace gossan::testing {
namespace {

TEST(HuberSweeps, OneStepIsRowsThenColumnsByWeightedLeastSquares) {
  const Index m = 150, n = 23, r = 2;
  const Planted planted = plant({.rows = m, .cols = n, .rank = r, .noise = .3, .missing = .2});
  const Matrix L0 = normal_matrix(m, r, Random(1, 91)), R0 = normal_matrix(n, r, Random(1, 92));
  const double s = .4;
  const TableRows table = table_of(planted.Y);
  rank_paths::HuberSweeps sweeps(table, L0, R0, s, 1);
  sweeps.step();

  const auto weight = [&](double residual) { return std::min(1.0, 1.5 * s / std::abs(residual)); };
  Matrix L = L0, R = R0;
  for (Index i = 0; i < m; ++i) {
    Matrix G = Matrix::Zero(r, r);
    Vector b = Vector::Zero(r);
    for (Index j = 0; j < n; ++j) {
      const double y = planted.Y(i, j);
      if (std::isnan(y)) continue;
      const double w = weight(y - L0.row(i).dot(R0.row(j)));
      G += w * R0.row(j).transpose() * R0.row(j);
      b += w * y * R0.row(j).transpose();
    }
    L.row(i) = Vector(G.ldlt().solve(b)).transpose();
  }
  for (Index j = 0; j < n; ++j) {
    Matrix G = Matrix::Zero(r, r);
    Vector b = Vector::Zero(r);
    for (Index i = 0; i < m; ++i) {
      const double y = planted.Y(i, j);
      if (std::isnan(y)) continue;
      const double w = weight(y - L.row(i).dot(R0.row(j)));
      G += w * L.row(i).transpose() * L.row(i);
      b += w * y * L.row(i).transpose();
    }
    R.row(j) = Vector(G.ldlt().solve(b)).transpose();
  }
  const Matrix expected = L * R.transpose(), found = sweeps.L() * sweeps.R().transpose();
  EXPECT_LT((found - expected).norm(), 1e-6 * expected.norm());
}

TEST(SolvePacked, SolvesAndLeavesWhatNothingDetermines) {
  double G[] = {4, 2, 3};
  double b[] = {2, 5};
  rank_paths::solve_packed(G, b, 2);
  EXPECT_NEAR(b[0], -.5, 1e-7);
  EXPECT_NEAR(b[1], 2, 1e-7);
  double none[] = {2, 0, 0};
  double c[] = {3, 0};
  rank_paths::solve_packed(none, c, 2);
  EXPECT_NEAR(c[0], 1.5, 1e-7);
  EXPECT_EQ(c[1], 0);
}

}  // namespace
}  // namespace gossan::testing
