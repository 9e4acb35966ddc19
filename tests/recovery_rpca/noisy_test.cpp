// Dense noise under gross errors, judged against least squares that is told the rank and which entries are honest.
#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>
#include <vector>

#include "gossan/linalg.hpp"
#include "recovery_rpca/planted.hpp"

namespace gossan {
namespace {

// Alternating least squares on the honest entries, from the truth.
Matrix told_everything(const GeneratedTable& planted, Index rank) {
  const Svd start = svd(planted.X);
  Matrix L = start.U.leftCols(rank), R = start.V.leftCols(rank);
  const auto fit = [&](Matrix& F, const Matrix& G, bool rows) {
    for (Index i = 0; i < F.rows(); ++i) {
      Eigen::MatrixXd N = 1e-12 * Eigen::MatrixXd::Identity(rank, rank);
      Vector b = Vector::Zero(rank);
      for (Index j = 0; j < G.rows(); ++j) {
        const Index e = rows ? i * planted.Y.cols() + j : j * planted.Y.cols() + i;
        const double y = planted.Y.data()[e];
        if (std::isnan(y) || planted.corrupted[static_cast<std::size_t>(e)]) continue;
        N += G.row(j).transpose() * G.row(j);
        b += y * G.row(j).transpose();
      }
      F.row(i) = N.ldlt().solve(b).transpose();
    }
  };
  for (int sweep = 0; sweep < 30; ++sweep) {
    fit(L, R, true);
    fit(R, L, false);
  }
  return L * R.transpose();
}

TEST(RpcaNoise, AsGoodAsBeingToldRankAndHonestEntries) {
  for (const double noise : {0.01, 0.05})
    for (GenerateTableOptions options : {cell("unif", 0.2, 1, 1), cell("huge", 0.3, 1, 2), cell("one-sided", 0.1, 1, 3)}) {
      SCOPED_TRACE(options.kind + " noise " + std::to_string(noise));
      options.rows = 110;
      options.cols = 90;
      options.noise = noise;
      const TableOutcome outcome = recover_table(options);
      const double oracle = (told_everything(outcome.planted, 3) - outcome.planted.X).norm() / outcome.planted.X.norm();
      EXPECT_EQ(outcome.found.rank, 3);
      EXPECT_LT(outcome.error, 1.1 * oracle);
      EXPECT_NEAR(outcome.found.noise_scale, noise, 0.05 * noise);
      EXPECT_TRUE(outcome.trusted()) << failed_checks(outcome.found);
      EXPECT_NEAR(outcome.found.outlier_cut, 3 * outcome.found.noise_scale, 1e-12);
    }
}

TEST(RpcaNoise, NoiseAloneIsNoMatrix) {
  GenerateTableOptions options = cell("unif", 0, 1, 4);
  options.noise = 30;
  EXPECT_FALSE(recover_table(options).trusted());
}

}  // namespace
}  // namespace gossan
