// Smooth losses: eigenvalues of the Hessian against the dense one, written out entry by entry.
#include <gtest/gtest.h>

#include "dense_instance.hpp"
#include "gossan/losses.hpp"
#include "gossan/table.hpp"

namespace gossan {
namespace {

// f = (1/n) sum loss(r_e): d2f = (1/n) sum (loss'' grad r_e grad r_e^T + loss' d2 r_e), with r_e quadratic in (L, R).
Eigen::MatrixXd dense_hessian(const DenseInstance& data, const ProbePoint& at, double delta, bool residual_part) {
  const Matrix& R = at.symmetric() ? at.L : at.R;
  const Matrix X = at.L * R.transpose();
  const Index d1 = data.rows, d2 = data.cols, k = at.L.cols(), split = d1 * k;
  const Index size = at.symmetric() ? split : split + d2 * k;
  Eigen::MatrixXd H = Eigen::MatrixXd::Zero(size, size);
  for (Index e = 0; e < data.n(); ++e) {
    const Matrix& A = data.A[static_cast<std::size_t>(e)];
    const double r = data.residual(e, X), weight = std::clamp(r, -delta, delta), curvature = std::abs(r) <= delta ? 1 : 0;
    Vector g(size);
    Eigen::MatrixXd second = Eigen::MatrixXd::Zero(size, size);
    for (Index a = 0; a < d1; ++a) {
      for (Index j = 0; j < k; ++j) {
        double sum = 0;
        for (Index b = 0; b < d2; ++b) sum += A(a, b) * R(b, j);
        if (at.symmetric()) {
          for (Index b = 0; b < d1; ++b) {
            sum += A(b, a) * R(b, j);
            second(a * k + j, b * k + j) += A(a, b) + A(b, a);
          }
        } else {
          for (Index b = 0; b < d2; ++b) second(a * k + j, split + b * k + j) = second(split + b * k + j, a * k + j) = A(a, b);
        }
        g(a * k + j) = sum;
      }
    }
    for (Index b = 0; !at.symmetric() && b < d2; ++b) {
      for (Index j = 0; j < k; ++j) g(split + b * k + j) = A.col(b).dot(at.L.col(j));
    }
    H += curvature / static_cast<double>(data.n()) * g * g.transpose();
    if (residual_part) H += weight / static_cast<double>(data.n()) * second;
  }
  return H;
}

Probe probed(const DenseInstance& data, const ProbePoint& at, const std::string& loss, double delta = 0) {
  ProbeOptions options;
  options.loss = loss;
  options.draws = 1;
  if (loss == "huber") options.settings = {{"loss.delta", std::to_string(delta)}};
  return probe(*data.op, data.y, at, nullptr, options);
}

TEST(Hessian, ItsEndsAreThoseOfTheDenseOne) {
  const Matrix V = normal_matrix(6, 2, Random(1, 8)), W = normal_matrix(5, 2, Random(1, 9));
  for (const ProbePoint& at : {ProbePoint{.L = normal_matrix(6, 3, Random(2, 1)), .R = {}},
                               ProbePoint{.L = normal_matrix(6, 12, Random(2, 1)), .R = {}},  // 72 unknowns: Lanczos
                               ProbePoint{.L = normal_matrix(6, 3, Random(2, 2)), .R = normal_matrix(5, 3, Random(2, 3))}}) {
    const Matrix X = at.symmetric() ? Matrix(V * V.transpose()) : Matrix(V * W.transpose());
    const DenseInstance data = dense_instance(X, 40, 10, 20, 3);
    for (const double delta : {1e300, 4.0}) {
      const Probe found = probed(data, at, delta < 1e300 ? "huber" : "squared", delta);
      const Eigen::MatrixXd H = dense_hessian(data, at, delta, true);
      const Vector l = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(H).eigenvalues();
      const double scale = l.cwiseAbs().maxCoeff();
      ASSERT_TRUE(found.hessian);
      EXPECT_NEAR(found.hessian->smallest, l(0), 1e-9 * scale);
      EXPECT_NEAR(found.hessian->largest, l(l.size() - 1), 1e-9 * scale);
      Vector v(H.rows());
      Index filled = 0;
      for (const Block& block : found.hessian->direction) {
        v.segment(filled, block.value.size()) = Eigen::Map<const Vector>(block.value.data(), block.value.size());
        filled += block.value.size();
      }
      EXPECT_NEAR(v.dot(dense_hessian(data, at, delta, false) * v), found.hessian->gauss_newton, 1e-9 * scale);
      EXPECT_NEAR(found.hessian->gauss_newton + found.hessian->residual, found.hessian->smallest, 1e-9 * scale);
    }
  }
}

TEST(Hessian, TheCurvatureOfALossIsTheDerivativeOfItsWeight) {
  int smooth_ones = 0;
  for (const auto& row : losses()) {
    const auto loss = row.make({});
    const auto* smooth = dynamic_cast<const Smooth*>(loss.get());
    if (smooth == nullptr) continue;
    ++smooth_ones;
    for (const double r : {-3.0, -0.7, 0.0, 0.2, 5.0}) {
      const double h = 1e-6, ends[2] = {r - h, r + h};
      double weights[2] = {0, 0};
      loss->value(std::span<const double>(ends), weights);
      EXPECT_NEAR(smooth->curvature(r), (weights[1] - weights[0]) / (2 * h), 1e-6) << row.name << " " << r;
    }
  }
  EXPECT_EQ(smooth_ones, 2);
}

TEST(Hessian, AtTheTruthOfExactDataItHasNoResidualPartAndNoDescent) {
  const Matrix U = planted_factor(6, {2, 1}, 4, 1);
  const Probe found = probed(dense_instance(U * U.transpose(), 100, 0, 0, 4), {.L = U}, "squared");
  EXPECT_EQ(found.verdict, "no descent found");
  EXPECT_NEAR(found.hessian->residual, 0, 1e-9 * found.hessian->largest);
  EXPECT_GT(found.hessian->largest, 0.1);
}

TEST(Hessian, ZeroIsAStrictSaddleOfTheSquaredLoss) {
  const Matrix U = planted_factor(6, {2, 1}, 2, 1);
  const DenseInstance data = dense_instance(U * U.transpose(), 200, 0, 0, 4);
  const Probe found = probed(data, {.L = Matrix::Zero(6, 2)}, "squared");
  EXPECT_EQ(found.verdict, "strict saddle");
  // At 0 the Hessian is -(1/n) sum y_e (A_e + A_e^T) for each column.
  Matrix C = Matrix::Zero(6, 6);
  for (std::size_t e = 0; e < data.y.size(); ++e) C -= data.y[e] / 200 * (data.A[e] + data.A[e].transpose());
  EXPECT_NEAR(found.hessian->smallest, Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(C).eigenvalues()(0), 1e-9);
  for (const Difference& step : found.hessian->differences)
    EXPECT_NEAR(step.slope, found.hessian->smallest / 2, 1e-2 * std::abs(found.hessian->smallest));
}

TEST(Hessian, APointThatIsNotStationaryIsCalledSo) {
  const Matrix U = planted_factor(6, {2, 1}, 2, 1);
  const DenseInstance data = dense_instance(U * U.transpose(), 200, 0, 0, 4);
  EXPECT_EQ(probed(data, {.L = 1.1 * U}, "squared").verdict, "not stationary");
  EXPECT_EQ(probed(data, {.L = 1.1 * U}, "huber", 0.1).verdict, "not stationary");
}

}  // namespace
}  // namespace gossan
