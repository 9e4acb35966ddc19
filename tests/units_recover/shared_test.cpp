// What recoveries share, judged by definitions: counts, quadrature-free statistics of random numbers, sorted lists.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/shared/checks.hpp"
#include "recover/shared/freedom.hpp"
#include "recover/shared/holdout.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/packed.hpp"
#include "recover/shared/quantile.hpp"
#include "recover/shared/scales.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan {
namespace {

// The rank of the map (dL, dR) -> dL R^T + L dR^T at random factors: the numbers that move the product.
Index tangent_dimension(Index rows, Index cols, Index r, bool symmetric) {
  const Matrix L = normal_matrix(rows, r, Random(3, 1)), R = symmetric ? L : normal_matrix(cols, r, Random(3, 2));
  std::vector<Matrix> moves;
  for (Index p = 0; p < r; ++p) {
    for (Index i = 0; i < rows; ++i) {
      Matrix D = Matrix::Zero(rows, r);
      D(i, p) = 1;
      moves.push_back(symmetric ? Matrix(D * L.transpose() + L * D.transpose()) : Matrix(D * R.transpose()));
    }
    for (Index j = 0; j < cols && !symmetric; ++j) {
      Matrix D = Matrix::Zero(cols, r);
      D(j, p) = 1;
      moves.push_back(L * D.transpose());
    }
  }
  Matrix all(static_cast<Index>(moves.size()), rows * cols);
  for (std::size_t k = 0; k < moves.size(); ++k)
    all.row(static_cast<Index>(k)) = Eigen::Map<const Eigen::RowVectorXd>(moves[k].data(), rows * cols);
  const Vector s = svd(all).s;
  return (s.array() > 1e-10 * s(0)).count();
}

TEST(Shared, DegreesOfFreedomAreTheDimensionOfTheTangentSpace) {
  for (const Index r : {1, 2, 3}) {
    EXPECT_EQ(degrees_of_freedom(r, 6, 4), tangent_dimension(6, 4, r, false));
    EXPECT_EQ(degrees_of_freedom(r, 5, 5, true), tangent_dimension(5, 5, r, true));
  }
}

TEST(Shared, PackedPlacesCountTheLowerTriangle) {
  Index place = 0;
  for (Index k = 0; k < 5; ++k)
    for (Index l = 0; l <= k; ++l) EXPECT_EQ(packed(k, l), place++);
  EXPECT_EQ(packed_size(5), place);
}

TEST(Shared, CoinsHoldOutTheirShareWhateverIsAskedFirst) {
  constexpr Index n = 100000;
  const HoldOut held(0.05, 7, 11);
  const std::vector<Index> once = where(n, held), again = where(n, HoldOut(0.05, 7, 11));
  EXPECT_EQ(once, again);
  EXPECT_NEAR(static_cast<double>(once.size()), 0.05 * n, 5 * std::sqrt(0.05 * 0.95 * n));
  EXPECT_NE(once, where(n, HoldOut(0.05, 8, 11)));
  EXPECT_TRUE(where(n, HoldOut(0, 7, 11)).empty());
}

TEST(Shared, ChosenMeasurementsAreOfAnExactNumber) {
  const auto left_out = [](Index n, double share, Index least) {
    const std::vector<bool> fitted = choose_fitted(n, share, 5, least);
    return std::count(fitted.begin(), fitted.end(), false);
  };
  EXPECT_EQ(left_out(200, 0.05, 0), 10);
  EXPECT_EQ(left_out(200, 0.05, 40), 40);
  EXPECT_EQ(left_out(3, 0.5, 40), 2);  // one stays
  EXPECT_EQ(left_out(200, 0, 0), 0);
}

// Least squares of p numbers on n normal entries, and as many further ones: the widths that `widening` and `median_error` speak
// of.
TEST(Shared, HeldOutResidualsAreWiderAsToldAndTheirMedianVariesAsTold) {
  constexpr Index n = 400, p = 160, runs = 60;
  double fitted = 0, others = 0;
  std::vector<double> medians;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const Matrix A = normal_matrix(n, p, Random(run, 1)), B = normal_matrix(n, p, Random(run, 2));
    const Vector y = normal_matrix(n, 1, Random(run, 3)), z = normal_matrix(n, 1, Random(run, 4));
    const Matrix Q = orthonormal(A);
    const Vector residual = y - Q * (Q.transpose() * y);
    fitted += residual.squaredNorm();
    // A further entry in the same directions: its prediction errs by the noise that the fit took in.
    const Vector mistaken = z - Q * (Q.transpose() * y);
    others += mistaken.squaredNorm();
    medians.push_back(median(sizes_of({z.data(), static_cast<std::size_t>(n)})));
  }
  EXPECT_NEAR(std::sqrt(others / fitted), widening(fitted_share(p, n)), 0.03);
  double mean = 0, square = 0;
  for (const double each : medians) mean += each / runs;
  for (const double each : medians) square += (each - mean) * (each - mean) / (runs - 1);
  EXPECT_NEAR(std::sqrt(square) / mean, median_error / std::sqrt(n), 0.3 * median_error / std::sqrt(n));
}

TEST(Shared, AFitNeverTakesAllOfItsEntries) {
  EXPECT_EQ(fitted_share(30, 100), 0.3);
  EXPECT_EQ(fitted_share(1000, 100), 0.8);
  EXPECT_EQ(fitted_share(0.5, 0), 0.5);
}

TEST(Shared, QuantilesLieBetweenSortedNumbers) {
  const std::vector<double> values = {4, -1, 3, 2};
  EXPECT_EQ(quantile(values, 0), -1);
  EXPECT_EQ(quantile(values, 1), 4);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 3.7);
  EXPECT_EQ(quantile_of_magnitudes(values, 0), 1);
  EXPECT_EQ(quantile((Vector(3) << 5, 1, 2).finished(), 0.5), 2);
  EXPECT_EQ(quantile(std::vector<double>(), 0.5), 0);
}

TEST(Shared, TheWidestGapIsTheLargestRatio) {
  const Vector values = (Vector(5) << 8, 4, 0.5, 0.25, 0.01).finished();
  EXPECT_EQ(widest_gap(values, 4, 0).rank, 4);
  EXPECT_EQ(widest_gap(values, 3, 0).rank, 2);
  EXPECT_EQ(widest_gap(values, 3, 0).ratio, 8);
  EXPECT_EQ(widest_gap(values, 4, 0.2).rank, 2);                           // below the floor all are alike
  EXPECT_EQ(widest_gap(values, 5, rounding_of(values)).rank, 5);           // behind the last comes 0
  EXPECT_EQ(widest_gap((Vector(3) << 4, 2, 1).finished(), 2, 0).rank, 1);  // of equals the first
  EXPECT_EQ(widest_gap(Vector(), -1, rounding_of(Vector())).rank, 0);
}

TEST(Shared, TheEdgeOfNoiseIsItsSpectralNorm) {
  const Matrix E = normal_matrix(300, 200, Random(2, 1));
  EXPECT_NEAR(svd(E).s(0) / noise_edge(300, 200), 1, 0.03);
}

TEST(Shared, SharesOfMarksAndOfSizes) {
  EXPECT_EQ(share_marked({true, false, false, true}), 0.5);
  EXPECT_EQ(share_marked({}), 0);
  EXPECT_EQ(share_within(std::vector<double>{1, 2, 3, 4}, 2), 0.5);
  EXPECT_EQ(share_within({}, 2), 0);
  EXPECT_EQ(root_mean_square(std::vector<double>{3, -4}), std::sqrt(12.5));
}

TEST(Shared, ScalesFindTheHonestAmongOthers) {
  const Random random(4, 1);
  std::vector<double> residuals;
  for (Index e = 0; e < 5000; ++e) residuals.push_back(e % 5 == 0 ? 100 * random.normal(e) : 0.7 * random.normal(e));
  const std::vector<double> sizes = sizes_of(residuals);
  for (const Trimmed& trimmed : {falling_scale(sizes, 0), resting_scale(sizes, 0)}) {
    EXPECT_NEAR(trimmed.scale, 0.7, 0.04);
    EXPECT_EQ(trimmed.cut, trimmed_cut * trimmed.scale);
  }
}

TEST(Shared, VerdictsFollowTheChecks) {
  const Check good = at_least("a", 2, 2, ""), bad = at_most("b", 3, 2, ""), none = at_least("c", std::nan(""), 0, "");
  EXPECT_TRUE(good.passed);
  EXPECT_FALSE(bad.passed);
  EXPECT_FALSE(none.passed);
  EXPECT_EQ(verdict_of({good}, true), Verdict::trusted);
  EXPECT_EQ(verdict_of({good, bad}, false), Verdict::doubtful);
  EXPECT_EQ(verdict_of({good, bad}, true), Verdict::failed);
  EXPECT_EQ(against({good, bad, none}, Verdict::doubtful, false, "Nothing."), "In doubt: b; c.");
  EXPECT_EQ(against({bad}, Verdict::failed, true, "Nothing."),
            "Stopped before the end; this is a partial result. Nothing. Failed: b.");
  for (const Status status : {Status::iteration_limit, Status::time_limit, Status::interrupted, Status::diverged})
    EXPECT_FALSE(came_to_its_end(status).passed);
  EXPECT_TRUE(came_to_its_end(Status::converged).passed);
}

}  // namespace
}  // namespace gossan
