// Parts of the recipe against plain computations.
#include <gtest/gtest.h>

#include <Eigen/LU>
#include <cmath>
#include <numbers>

#include "linalg/kernels/gather.hpp"
#include "recover/complete/calibration.hpp"
#include "recover/complete/normal.hpp"
#include "recover/complete/posterior.hpp"
#include "recover/complete/variational.hpp"
#include "recovery_complete/planted.hpp"
#include "simd_guard.hpp"

namespace gossan::completing {
namespace {

TEST(Gather, AgreesWithLoopsAtAwkwardLengths) {
  const Matrix table = normal_matrix(40, 64, Random(1, 0));
  const Random random(1, 1);
  for (const Index length : {1, 2, 3, 5, 8, 9, 17, 31, 56, 57, 64}) {
    std::vector<std::uint32_t> index;
    std::vector<double> w, z(23);
    for (Index k = 0; k < 23; ++k) {
      index.push_back(static_cast<std::uint32_t>(random.below(k, 40)));
      w.push_back(random.normal(100 + k));
    }
    const Vector x = normal_matrix(length, 1, Random(1, 2));
    Vector sum = Vector::Ones(length), expected = sum;
    gather_add(23, index.data(), w.data(), table.data(), 64, length, sum.data());
    gather_dots(23, index.data(), table.data(), 64, length, x.data(), z.data());
    for (std::size_t k = 0; k < 23; ++k) {
      expected += w[k] * table.row(index[k]).head(length).transpose();
      EXPECT_NEAR(z[k], table.row(index[k]).head(length).dot(x), 1e-12);
    }
    EXPECT_LT((sum - expected).norm(), 1e-12);
  }
}

TEST(NormalTable, HasTenDigits) {
  for (double x = -9; x <= 9; x += 0.00173) {
    EXPECT_NEAR(normal_at(x).cumulative, 0.5 * std::erfc(-x / std::numbers::sqrt2), 1e-10);
    EXPECT_NEAR(normal_at(x).density, std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi), 1e-10);
  }
  for (const double p : {1e-6, 0.1, 0.5, 0.77}) EXPECT_NEAR(normal_at(normal_quantile(p)).cumulative, p, 1e-9);
}

// Ratings drawn from a known scale.
struct Drawn {
  std::vector<double> score;
  std::vector<std::uint8_t> level;
};
Drawn drawn_from(const Scale& scale, Index n) {
  Drawn drawn;
  const Random random(2, 0), fate(2, 1), even(2, 2);
  for (Index e = 0; e < n; ++e) {
    const double x = 1.2 * random.normal(2 * e), z = scale.a * x + random.normal(2 * e + 1);
    Index k = 0;
    while (k + 1 < scale.levels() && z > scale.thresholds[static_cast<std::size_t>(k)]) ++k;
    if (fate.uniform(e) < scale.random)
      k = even.below(e, scale.levels());
    else if (fate.uniform(e) < scale.random + scale.reversed)
      k = scale.levels() - 1 - k;
    drawn.score.push_back(x);
    drawn.level.push_back(static_cast<std::uint8_t>(k));
  }
  return drawn;
}

TEST(Calibration, FindsTheScaleAndTheShares) {
  const Scale truth{.a = 1.5, .thresholds = {-2, -0.5, 0.3, 1.4}, .random = 0.15, .reversed = 0.2};
  const Drawn drawn = drawn_from(truth, 60000);
  const Scale found = calibrate(tabulate_scores(drawn.score, drawn.level, 5), {.thresholds = {-1, -0.3, 0.3, 1}});
  EXPECT_NEAR(found.a, truth.a, 0.15);
  EXPECT_NEAR(found.random, truth.random, 0.03);
  EXPECT_NEAR(found.reversed, truth.reversed, 0.03);
  for (std::size_t k = 0; k < 4; ++k) EXPECT_NEAR(found.thresholds[k], truth.thresholds[k], 0.2);
}

TEST(Calibration, GradientAgreesWithDifferences) {
  const Drawn drawn = drawn_from({.a = 1, .thresholds = {-1, 1}, .random = 0.1, .reversed = 0.1}, 2000);
  const Scores scores = tabulate_scores(drawn.score, drawn.level, 3);
  const Vector p = parameters_of({.a = 0.8, .thresholds = {-0.7, 1.2}, .random = 0.05, .reversed = 0.12});
  Vector gradient;
  scale_misfit(scores, p, &gradient);
  for (Index k = 0; k < p.size(); ++k) {
    constexpr double h = 1e-5;
    Vector up = p, down = p;
    up(k) += h, down(k) -= h;
    EXPECT_NEAR(gradient(k), (scale_misfit(scores, up, nullptr) - scale_misfit(scores, down, nullptr)) / (2 * h), 1e-8) << k;
  }
}

// One half sweep of a tiny problem by dense algebra.
TEST(HalfSweep, IsThePosteriorOfItsEquations) {
  const Index R = 2, K = 3;
  const Ratings data{3, 4, {0, 0, 1, 1, 1, 2}, {0, 2, 1, 2, 3, 0}, {1, 2, 3, 4, 5, 6}};
  const Entries entries = arrange(data);
  Posterior cols{normal_matrix(4, K, Random(3, 0)), Matrix::Zero(4, packed_size(K))};
  std::vector<Eigen::Matrix3d> C;
  for (Index b = 0; b < 4; ++b) {
    const Matrix root = normal_matrix(K, K, Random(3, 10 + static_cast<std::uint64_t>(b)));
    C.emplace_back(0.3 * root * root.transpose());
    for (Index k = 0; k < K; ++k)
      for (Index l = 0; l <= k; ++l) cols.covariance(b, packed(k, l)) = C.back()(k, l);
  }
  Moments moment;
  moments(cols, moment);
  const std::vector<double> weight = {0.5, 1, 2, 0.7, 1.1, 0.9};
  const Fitted fit{entries.value, weight, 0.4, 0.8};
  const Prior prior(Matrix::Zero(3, 1), K);  // mean 0, precision 5
  Posterior rows{Matrix::Zero(3, K), Matrix::Zero(3, packed_size(K))};
  update_rows(entries.by_row, moment, fit, prior.view(), rows);
  std::vector<double> mean(6), variance(6);
  predict_rows(entries.by_row, rows, moment, 0, 3, mean.data(), variance.data());
  for (Index a = 0; a < 3; ++a) {
    Eigen::Matrix3d A = 5 * Eigen::Matrix3d::Identity();
    Eigen::Vector3d right = Eigen::Vector3d::Zero();
    for (std::size_t e = 0; e < 6; ++e) {
      if (data.i[e] != a) continue;
      const Index b = data.j[e];
      // z = [f, 1] with E[z z^T], and E[c z] for the bias c.
      Eigen::Vector3d z(cols.mean(b, 0), cols.mean(b, 1), 1);
      Eigen::Matrix3d zz = z * z.transpose();
      zz.topLeftCorner(R, R) += C[static_cast<std::size_t>(b)].topLeftCorner(R, R);
      Eigen::Vector3d cz = cols.mean(b, R) * z;
      cz.head(R) += C[static_cast<std::size_t>(b)].col(R).head(R);
      A += weight[e] / 0.8 * zz;
      right += weight[e] / 0.8 * ((data.value[e] - 0.4) * z - cz);
    }
    const Eigen::Matrix3d inverse = A.inverse();
    const Eigen::Vector3d x = inverse * right;
    EXPECT_LT((rows.mean.row(a).transpose() - x).norm(), 1e-12);
    for (Index k = 0; k < K; ++k)
      for (Index l = 0; l <= k; ++l) EXPECT_NEAR(rows.covariance(a, packed(k, l)), inverse(k, l), 1e-12);
    // Variance of f . g + b + c by its definition, with all moments of the two independent vectors.
    for (std::size_t e = 0; e < 6; ++e) {
      if (data.i[e] != a) continue;
      const Index b = data.j[e];
      const Eigen::Matrix3d& D = C[static_cast<std::size_t>(b)];
      const Eigen::Vector2d f = x.head(R), g = cols.mean.row(b).head(R).transpose();
      const Eigen::Matrix2d F = inverse.topLeftCorner(R, R), G = D.topLeftCorner(R, R);
      const double expected = g.dot(F * g) + f.dot(G * f) + (F * G).trace() + inverse(R, R) + D(R, R) +
                              2 * inverse.col(R).head(R).dot(g) + 2 * D.col(R).head(R).dot(f);
      EXPECT_NEAR(mean[e], f.dot(g) + x(R) + cols.mean(b, R), 1e-12);
      EXPECT_NEAR(variance[e], expected, 1e-10);
    }
  }
}

}  // namespace
}  // namespace gossan::completing
