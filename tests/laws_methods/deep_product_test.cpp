// Gradient descent of X = W_N ... W_1 on || X - Y ||_F^2 / 2 from W_j = alpha I, Y symmetric: all factors stay equal and keep the
// eigenvectors of Y, and every eigenvalue d of a factor moves by d - eta d^(N-1) (d^N - lambda), whatever the others do. That
// recursion, in plain numbers, is what the matrices are held to after every step.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "gossan/init.hpp"
#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "gossan/run.hpp"

namespace gossan {
namespace {

constexpr Index side = 8;
constexpr double alpha = 0.2;
constexpr double eta = 2e-3;

// Eigenvalues 10, 8 and 5, and a symmetric perturbation of norm `size`: eigenvalues of either sign.
Matrix observed(double size) {
  const Matrix Q = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>([] {
                     const Matrix G = normal_matrix(side, side, Random(3, 1));
                     return Eigen::MatrixXd(G + G.transpose());
                   }())
                       .eigenvectors();
  Vector lambda = Vector::Zero(side);
  lambda.head(3) << 10, 8, 5;
  Matrix E = normal_matrix(side, side, Random(3, 2));
  E = (E + E.transpose()).eval();
  return Q * lambda.asDiagonal() * Q.transpose() + size / spectral_norm(E) * E;
}

struct DeepRun {
  DeepRun(const Matrix& Y, Index depth)
      : A(full(side, side)), model(deep_product({.depth = depth}, {side, side, side})), loss(squared()) {
    y.assign(Y.data(), Y.data() + Y.size());
    objective = data_fit(*A, *model, *loss, y);
    start = scaled_identity({.alpha = alpha}, {A.get(), y, objective->layout()});
    // The loss is averaged over the entries.
    method = gradient_descent({}, constant({.step = eta * side * side}, objective.get()));
  }
  std::unique_ptr<Operator> A;
  std::unique_ptr<Model> model;
  std::unique_ptr<Loss> loss;
  std::vector<double> y;
  std::unique_ptr<Objective> objective;
  Params start;
  std::unique_ptr<Method> method;
};

class ScalarRecursion : public testing::TestWithParam<std::tuple<Index, double>> {};

TEST_P(ScalarRecursion, IsWhatEveryEigenvalueObeysAtEveryStep) {
  const Index depth = std::get<0>(GetParam());
  const double size = std::get<1>(GetParam());
  const Matrix Y = observed(size);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen{Eigen::MatrixXd(Y)};
  const Eigen::MatrixXd V = eigen.eigenvectors();
  const Vector lambda = eigen.eigenvalues();
  EXPECT_EQ((lambda.array() < -1e-3).any(), size > 0);

  DeepRun run(Y, depth);
  Vector d = Vector::Constant(side, alpha);
  double worst = 0;
  const auto compare = [&](const Iterate& at) -> std::optional<Status> {
    for (Index i = 0; i < side; ++i)
      d(i) -= eta * std::pow(d(i), static_cast<double>(depth - 1)) * (std::pow(d(i), static_cast<double>(depth)) - lambda(i));
    const Factors X = run.model->factors(*at.theta);
    const Eigen::MatrixXd oracle = V * d.array().pow(static_cast<double>(depth)).matrix().asDiagonal() * V.transpose();
    worst = std::max(worst, (X.L * X.R.transpose() - oracle).norm() / oracle.norm());
    return std::nullopt;
  };
  const std::vector<Observer> watch{compare};
  const Result result = minimise(*run.objective, *run.method, run.start, {.max_iterations = 4000}, watch);
  EXPECT_EQ(result.iterations, 4000);
  EXPECT_LT(worst, 1e-9);
  EXPECT_GT(std::pow(d.maxCoeff(), static_cast<double>(depth)), 9);  // it was learnt on the way, and no run stood still
  // Below 0 nothing is learnt: the factor's eigenvalue decays and the product's with it.
  for (Index i = 0; i < side; ++i) {
    if (lambda(i) > 0) continue;
    EXPECT_GE(d(i), 0);
    EXPECT_LT(d(i), alpha * (1 + 1e-9));
  }
}

INSTANTIATE_TEST_SUITE_P(Depths, ScalarRecursion, testing::Combine(testing::Values(3, 4, 5), testing::Values(0.0, 0.05, 0.5)));

TEST(DeepProduct, MultipliesItsFactorsOfAnyShape) {
  const auto model = deep_product({.depth = 4}, {5, 7, 3});
  EXPECT_EQ(model->layout(), (Layout{{"W_4", 5, 3}, {"W_3", 3, 3}, {"W_2", 3, 3}, {"W_1", 3, 7}}));
  Params theta = zeros(model->layout());
  for (std::size_t b = 0; b < theta.size(); ++b)
    theta[b].value = normal_matrix(theta[b].value.rows(), theta[b].value.cols(), Random(7, b));
  const Factors X = model->factors(theta);
  const Matrix product = theta[0].value * theta[1].value * theta[2].value * theta[3].value;
  EXPECT_LT((X.L * X.R.transpose() - product).norm(), 1e-13 * product.norm());
}

// d <f, W_j> by central differences of the loss, whose slope the pullback must give in every block.
TEST(DeepProduct, ItsGradientIsThatOfTheLoss) {
  const Matrix Y = observed(0.5);
  for (const Index depth : {3, 5}) {
    DeepRun run(Y, depth);
    Params theta = run.start;
    for (std::size_t b = 0; b < theta.size(); ++b)
      theta[b].value += 0.5 * normal_matrix(side, side, Random(8, b)) / std::sqrt(double{side});
    Params grad = zeros(run.objective->layout());
    run.objective->evaluate(theta, &grad, 0);
    constexpr double h = 1e-5;
    for (std::size_t b = 0; b < theta.size(); ++b) {
      const Matrix D = normal_matrix(side, side, Random(9, b));
      const auto at = [&](double t) {
        Params moved = theta;
        moved[b].value += t * D;
        return run.objective->evaluate(moved, nullptr, 0);
      };
      const double slope = (at(h) - at(-h)) / (2 * h);
      EXPECT_NEAR(grad[b].value.cwiseProduct(D).sum(), slope, 1e-7 * (1 + std::abs(slope))) << "block " << b;
    }
  }
}

// W_{j+1}^T W_{j+1} - W_j W_j^T is kept by the flow, and by short steps nearly so, from any start.
TEST(DeepProduct, ShortStepsKeepTheBalanceOfTheFactors) {
  DeepRun run(observed(0.2), 3);
  Params theta = run.start;
  for (std::size_t b = 0; b < theta.size(); ++b)
    theta[b].value = 0.4 * normal_matrix(side, side, Random(10, b)) / std::sqrt(double{side});
  const auto balance = [](const Params& at, std::size_t b) {
    return Matrix(at[b].value.transpose() * at[b].value - at[b + 1].value * at[b + 1].value.transpose());
  };
  const auto drift = [&](double step, Index steps) {
    const auto method = gradient_descent({}, constant({.step = step * side * side}, run.objective.get()));
    const Result end = minimise(*run.objective, *method, theta, {.max_iterations = steps});
    EXPECT_LT(end.f, 0.5 * run.objective->evaluate(theta, nullptr, 0));
    return (balance(end.theta, 0) - balance(theta, 0)).norm() + (balance(end.theta, 1) - balance(theta, 1)).norm();
  };
  const double coarse = drift(1e-3, 1000), fine = drift(1e-4, 10000);
  EXPECT_LT(coarse, 0.05);
  EXPECT_LT(fine, 0.2 * coarse);  // of first order in the step
}

TEST(DeepProduct, FewerThanThreeFactorsAreRefused) {
  EXPECT_THROW(deep_product({.depth = 2}, {4, 4, 2}), std::invalid_argument);
  EXPECT_THROW(deep_product({.depth = 101}, {4, 4, 2}), std::invalid_argument);
}

TEST(ScaledIdentity, FillsEveryBlock) {
  const Params theta = scaled_identity({.alpha = 0.5}, {nullptr, {}, {{"A", 2, 3}, {"B", 3, 3}}});
  Matrix A(2, 3);
  A << 0.5, 0, 0, 0, 0.5, 0;
  EXPECT_EQ(theta[0].value, A);
  EXPECT_EQ(theta[1].value, Matrix(0.5 * Matrix::Identity(3, 3)));
}

}  // namespace
}  // namespace gossan
