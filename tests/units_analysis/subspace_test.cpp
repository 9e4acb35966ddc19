#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <cmath>

#include "gossan/random.hpp"
#include "gossan/trajectory.hpp"
#include "sensing_problem.hpp"

namespace gossan {
namespace {

// Entries seen by one coin an ordered pair, as in the paper: the mask is not symmetric.
struct Completion {
  Completion() {
    const Matrix B = normal_matrix(d, 2, Random(5, 1));
    X = B * B.transpose();
    const Random coins(5, 2);
    mask = Matrix::Zero(d, d);
    for (Index k = 0; k < d * d; ++k) {
      if (coins.uniform(k) > 0.7) continue;
      i.push_back(k / d);
      j.push_back(k % d);
      mask(k / d, k % d) = 1;
      y.push_back(X(k / d, k % d));
    }
  }
  static constexpr Index d = 12;
  Matrix X, mask;
  std::vector<Index> i, j;
  std::vector<double> y;
};

Eigen::MatrixXd inverse_root(const Eigen::MatrixXd& gram) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(gram).operatorInverseSqrt();
}

TEST(DynamicSubspace, IsThePapersRecursion) {
  const Completion problem;
  const auto A = entries(problem.d, problem.d, problem.i, problem.j);
  const auto model = symmetric_factor({problem.d, problem.d, 4});
  const auto loss = squared();
  const auto objective = data_fit(*A, *model, *loss, problem.y);
  const double eta = 1.5;
  const auto method = subgradient({}, constant({.step = eta}, nullptr));
  const Svd truth = spectrum_of_truth(problem.X);
  const Matrix start = 0.01 * normal_matrix(problem.d, 4, Random(5, 3));
  const std::vector<bool> all(problem.y.size(), true);
  Trace trace;
  const std::vector<Observer> observers{observe(trace, {dynamic_subspace(*A, *loss, problem.y, all, truth, start)}, *model, 10)};
  minimise(*objective, *method, {{"U", start}}, {.max_iterations = 60}, observers);
  ASSERT_EQ(trace.rows.size(), 7U);

  const double n = static_cast<double>(problem.y.size());
  Eigen::MatrixXd U = start, V = truth.U;
  std::size_t row = 0;
  for (Index k = 1; k <= 60; ++k) {
    const Eigen::MatrixXd seen = problem.mask.cwiseProduct(problem.X - Matrix(U * U.transpose())) / n;
    const Eigen::MatrixXd M = seen + seen.transpose();
    const Eigen::MatrixXd Z = V + eta * M * V;
    V = Z * inverse_root(Z.transpose() * Z);
    U += eta * M * U;
    if (!is_recorded(k, 10)) continue;
    const Eigen::MatrixXd S = V * V.transpose() * U;
    const Vector signal = S.jacobiSvd().singularValues();
    const double expected[] = {signal(1), signal(0), (U - S).jacobiSvd().singularValues()(0),
                               (V - truth.U).jacobiSvd().singularValues()(0), V.rowwise().norm().maxCoeff()};
    for (std::size_t c = 0; c < 5; ++c) EXPECT_NEAR(trace.rows[row][c], expected[c], 1e-9 * signal(0)) << k << ' ' << c;
    ++row;
  }
  EXPECT_GT(trace.rows.back()[0], 10 * trace.rows.front()[0]) << "the signal grew, or the test has seen nothing";
}

TEST(DynamicSubspace, HeldOutEntriesTakeNoPart) {
  Completion problem;
  const auto A = entries(problem.d, problem.d, problem.i, problem.j);
  const auto loss = squared();
  std::vector<bool> fitted(problem.y.size(), true);
  fitted[3] = fitted[20] = false;
  const Matrix start = 0.01 * normal_matrix(problem.d, 4, Random(5, 3));
  std::vector<double> first(5), second(5);
  for (auto* found : {&first, &second}) {
    const Gauge gauge = dynamic_subspace(*A, *loss, problem.y, fitted, spectrum_of_truth(problem.X), start);
    gauge.follow({.k = 1, .step = 2.0}, {start, start});
    gauge.read({}, {start, start}, *found);
    problem.y[3] = 1e6;
  }
  EXPECT_EQ(first, second);
  EXPECT_GT(first[3], 0);
}

TEST(DynamicSubspace, AsksForAPositiveSemidefiniteTruth) {
  const auto A = full(2, 2);
  const auto loss = squared();
  Matrix X = Matrix::Zero(2, 2);
  X << 1, 0, 0, -1;
  const std::vector<double> y = {1, 0, 0, -1};
  EXPECT_THROW(dynamic_subspace(*A, *loss, y, {true, true, true, true}, spectrum_of_truth(X), Matrix::Identity(2, 2)),
               std::invalid_argument);
}

}  // namespace
}  // namespace gossan
