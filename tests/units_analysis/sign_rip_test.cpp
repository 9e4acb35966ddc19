// Sign-RIP and l2-RIP deviations against their definition, and against independently simulated sizes.
#include <gtest/gtest.h>

#include <Eigen/SVD>
#include <numbers>

#include "dense_instance.hpp"

namespace gossan {
namespace {

struct Defined {
  double phi = 0;
  std::vector<double> delta = {};
};

// weight(z): Sign(z), or z itself for the l2 map.
template <class Weight>
Defined by_definition(const DenseInstance& data, const Matrix& truth, const Matrix& X, const std::vector<Index>& k,
                      Weight weight) {
  Matrix Q = Matrix::Zero(X.rows(), X.cols());
  for (Index e = 0; e < data.n(); ++e) {
    const Matrix& A = data.A[static_cast<std::size_t>(e)];
    const double s = data.y[static_cast<std::size_t>(e)] - A.cwiseProduct(truth).sum();
    Q += weight(A.cwiseProduct(X).sum() - s) / static_cast<double>(data.n()) * A;
  }
  const double phi = Q.cwiseProduct(X).sum() / X.norm();
  const Eigen::MatrixXd M = Q - phi * X / X.norm();
  const Vector sigma = Eigen::JacobiSVD<Eigen::MatrixXd>(M).singularValues();
  Defined out{.phi = phi};
  for (const Index each : k) out.delta.push_back(sigma.head(each).norm() / phi);
  return out;
}

TEST(SignRip, AtThePointsErrorItIsTheDefinition) {
  const Matrix V = normal_matrix(7, 2, Random(1, 8)), W = normal_matrix(6, 2, Random(1, 9));
  const Matrix truth = V * W.transpose();
  const DenseInstance data = dense_instance(truth, 150, 30, 20, 3);
  const ProbePoint at{.L = normal_matrix(7, 3, Random(2, 2)), .R = normal_matrix(6, 3, Random(2, 3))};
  const SignRip found = probe(*data.op, data.y, at, &truth, {}).sign_rip;
  ASSERT_TRUE(found.error && found.of_truth);
  EXPECT_EQ(found.k, (std::vector<Index>{2, 4, 6}));
  const Matrix X = at.L * at.R.transpose() - truth;
  const Defined sign =
      by_definition(data, truth, X, found.k, [](double z) { return static_cast<double>(z > 0) - static_cast<double>(z < 0); });
  const Defined l2 = by_definition(data, truth, X, found.k, [](double z) { return z; });
  EXPECT_NEAR(found.error->size, X.norm(), 1e-12);
  EXPECT_NEAR(found.error->phi, sign.phi, 1e-12);
  for (std::size_t j = 0; j < found.k.size(); ++j) {
    EXPECT_NEAR(found.error->delta[j], sign.delta[j], 1e-10);
    EXPECT_NEAR(found.error->l2[j], l2.delta[j], 1e-10);
    EXPECT_GE(found.largest(j), found.error->delta[j]);
  }
}

// d = 20, rank 3, |X|_F = 10, errors N(0, 100), the worst of 20 draws: the sizes of an independent simulation.
TEST(SignRip, TheTableOfRandomDraws) {
  struct Cell {
    Index n;
    double wrong;
    std::vector<double> delta;
  };
  for (const Cell& cell : {Cell{500, 0, {0.82, 1.01, 1.17}}, Cell{500, 0.5, {0.92, 1.16, 1.36}},
                           Cell{2000, 0, {0.42, 0.52, 0.58}}, Cell{2000, 0.5, {0.46, 0.59, 0.67}}}) {
    Matrix U = planted_factor(20, {10, 5, 1}, 3, 3);
    U *= std::sqrt(10 / (U * U.transpose()).norm());
    const auto wrong = static_cast<Index>(cell.wrong * static_cast<double>(cell.n));
    const DenseInstance data = dense_instance(U * U.transpose(), cell.n, wrong, 10, 8);
    const SignRip found = probe(*data.op, data.y, {.L = U}, nullptr, {}).sign_rip;
    EXPECT_EQ(found.k, (std::vector<Index>{3, 6, 12}));
    EXPECT_EQ(found.draws.size(), 20U);
    for (std::size_t j = 0; j < found.k.size(); ++j) {
      EXPECT_NEAR(found.largest(j), cell.delta[j], 0.15 * cell.delta[j]) << cell.n << " " << cell.wrong << " " << j;
      EXPECT_NEAR(found.typical[j], cell.delta[j], 0.25 * cell.delta[j]) << cell.n << " " << cell.wrong << " " << j;
    }
    double phi = 0;
    for (const Deviation& draw : found.draws) {
      EXPECT_NEAR(draw.size, 10, 1e-9);
      phi += draw.phi / 20;
    }
    // sqrt(2/pi) (1 - p + p E exp(-s^2 / 200)) with s of N(0, 100)
    const double law = std::sqrt(2 / std::numbers::pi) * (1 - cell.wrong + cell.wrong / std::sqrt(2.0));
    EXPECT_NEAR(phi, law, 0.05 * law);
    EXPECT_NEAR(found.draws.front().phi_gaussian, law, 0.05 * law);
  }
}

TEST(SignRip, GrossErrorsSpoilTheL2MapAndNotTheSigns) {
  const Matrix U = planted_factor(10, {2, 1}, 2, 3);
  const DenseInstance clean = dense_instance(U * U.transpose(), 1000, 0, 0, 8);
  const DenseInstance wild = dense_instance(U * U.transpose(), 1000, 100, 1000, 8);
  const SignRip before = probe(*clean.op, clean.y, {.L = U}, nullptr, {}).sign_rip;
  const SignRip after = probe(*wild.op, wild.y, {.L = U}, nullptr, {}).sign_rip;
  EXPECT_LT(after.largest(0), 2 * before.largest(0));
  EXPECT_FALSE(after.largest(0, true) < 10 * before.largest(0, true));  // NaN as well: phi is lost
}

TEST(SignRip, RanksEndWithTheMatrix) {
  const Matrix U = planted_factor(3, {2, 1}, 2, 3);
  const DenseInstance data = dense_instance(U * U.transpose(), 30, 0, 0, 8);
  EXPECT_EQ(probe(*data.op, data.y, {.L = U}, nullptr, {}).sign_rip.k, (std::vector<Index>{2, 3}));
}

}  // namespace
}  // namespace gossan
