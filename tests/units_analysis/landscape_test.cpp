// The absolute loss at a point, against dense formulas and obvious loops.
#include <gtest/gtest.h>

#include <Eigen/QR>
#include <numbers>

#include "dense_instance.hpp"
#include "gossan/linalg.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

using State = Stationarity::State;

double absolute_loss(const DenseInstance& data, const Matrix& X) {
  double sum = 0;
  for (Index e = 0; e < data.n(); ++e) sum += std::abs(data.residual(e, X));
  return sum / static_cast<double>(data.n());
}

Matrix product_of(const ProbePoint& at) { return at.L * (at.symmetric() ? at.L : at.R).transpose(); }

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

Probe probed(const DenseInstance& data, const ProbePoint& at, ProbeOptions options = {}, const Matrix* truth = nullptr) {
  options.draws = 1;
  options.samples = 20;
  return probe(*data.op, data.y, at, truth, options);
}

ProbePoint moved(const ProbePoint& at, const Params& direction, double gamma) {
  ProbePoint there = at;
  there.L += gamma * direction[0].value;
  if (!at.symmetric()) there.R += gamma * direction[1].value;
  return there;
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

TEST(StructuredDirection, LeavesXAsItIsToFirstOrderAndHasTheSlopeThatTheLossHas) {
  for (const bool symmetric : {true, false}) {
    SCOPED_TRACE(symmetric ? "symmetric" : "pair");
    const Matrix V = normal_matrix(7, 2, Random(1, 8)), W = normal_matrix(5, 2, Random(1, 9));
    const ProbePoint at = factored(symmetric ? Matrix(V * V.transpose()) : Matrix(V * W.transpose()), 4);
    ASSERT_EQ(at.symmetric(), symmetric);
    const Matrix X = product_of(at);
    const DenseInstance data = dense_instance(X, 60, 30, 10, 3);
    const Probe found = probed(data, at);
    ASSERT_TRUE(found.direction);
    const StructuredDirection& way = *found.direction;
    EXPECT_EQ(way.freedom, 2);
    EXPECT_EQ(found.zero_residuals, 30);

    const Matrix dL = way.direction[0].value, dR = way.direction[symmetric ? 0 : 1].value;
    const Matrix R = symmetric ? at.L : at.R;
    EXPECT_LT((dL * R.transpose() + at.L * dR.transpose()).norm(), 1e-12);
    const Matrix P = dL * dR.transpose();
    EXPECT_NEAR(P.norm(), 1, 1e-12);

    double cost = 0, gain = 0, most = 0, least = 1e300;
    Matrix M = Matrix::Zero(X.rows(), X.cols());
    for (Index e = 0; e < data.n(); ++e) {
      const Matrix& A = data.A[static_cast<std::size_t>(e)];
      const double a = A.cwiseProduct(P).sum(), r = data.residual(e, X);
      most = std::max(most, std::abs(a));
      if (e >= 30) {
        cost += std::abs(a) / 60;
        continue;
      }
      gain += (r > 0 ? a : -a) / 60;
      M += (r > 0 ? 1.0 : -1.0) / 60 * A;
      least = std::min(least, std::abs(r));
    }
    EXPECT_NEAR(way.zero_cost, cost, 1e-12);
    EXPECT_NEAR(way.outlier_gain, gain, 1e-12);
    EXPECT_NEAR(way.gamma_limit, std::sqrt(least / most), 1e-9);
    EXPECT_NEAR(way.gaussian_cost, std::sqrt(2 / std::numbers::pi) / 2, 1e-12);
    // No P of rank 2 that the model can make has a larger gain.
    if (symmetric) {
      const Vector l = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(0.5 * (M + M.transpose())).eigenvalues();
      EXPECT_NEAR(way.outlier_gain, -l.head(2).cwiseMin(0.0).norm(), 1e-12);
    } else {
      EXPECT_NEAR(way.outlier_gain, -svd(M).s.head(2).norm(), 1e-12);
    }
    ASSERT_EQ(way.differences.size(), 3U);
    for (const Difference& step : way.differences) {
      EXPECT_EQ(step.sign_changes, 0);
      EXPECT_NEAR(step.slope, way.slope, 1e-7) << step.gamma;
    }
    const double gamma = way.differences.front().gamma;
    const double change = absolute_loss(data, product_of(moved(at, way.direction, gamma))) - absolute_loss(data, X);
    EXPECT_NEAR(change / (gamma * gamma), way.slope, 1e-9 / (gamma * gamma));
    EXPECT_NEAR(way.curvature, 2 * way.slope / (dL.squaredNorm() + (symmetric ? 0 : dR.squaredNorm())), 1e-12);
  }
}

TEST(StructuredDirection, AStepBeyondItsLimitTurnsSigns) {
  const Matrix U = planted_factor(8, {3, 1}, 8, 2);
  const DenseInstance data = dense_instance(U * U.transpose(), 60, 30, 10, 3);
  const double limit = probed(data, {.L = U}).direction->gamma_limit;
  ProbeOptions options;
  options.gamma = 4 * limit;
  const StructuredDirection way = *probed(data, {.L = U}, options).direction;
  EXPECT_EQ(way.differences.front().gamma, 4 * limit);
  EXPECT_GT(way.differences.front().sign_changes, 0);
  EXPECT_EQ(way.differences.back().sign_changes, 0);
}

// d = 20, eigenvalues 10, 5, 1, search rank 20, errors N(0, 100): mean slopes of an earlier simulation in NumPy.
TEST(StructuredDirection, TheTableOfTheFullyOverParameterisedTruth) {
  struct Cell {
    Index n;
    double wrong, slope;
    int least, most;  // descents of ten
  };
  for (const Cell cell : {Cell{100, 0.5, -0.31, 9, 10}, Cell{200, 0.5, -0.12, 7, 10}, Cell{100, 0.3, 0.0, 2, 8},
                          Cell{1000, 0.5, 0.17, 0, 0}, Cell{1000, 0.1, 0.62, 0, 0}}) {
    double mean = 0;
    int descents = 0;
    for (std::uint64_t draw = 0; draw < 10; ++draw) {
      const Matrix U = planted_factor(20, {10, 5, 1}, 20, draw);
      const auto wrong = static_cast<Index>(cell.wrong * static_cast<double>(cell.n));
      const DenseInstance data = dense_instance(U * U.transpose(), cell.n, wrong, 10, 100 + draw);
      ProbeOptions options;
      options.max_iterations = 1;
      const Probe found = probed(data, {.L = U}, options);
      mean += found.direction->slope / 10;
      descents += found.direction->descends() ? 1 : 0;
    }
    EXPECT_NEAR(mean, cell.slope, 0.06) << cell.n << " " << cell.wrong;
    EXPECT_GE(descents, cell.least) << cell.n << " " << cell.wrong;
    EXPECT_LE(descents, cell.most) << cell.n << " " << cell.wrong;
  }
}

// Rank 1 leaves the tangents few enough for the honest measurements to hold the truth to first order, far into descent beyond.
TEST(Probe, TheTruthCanBeAStrictSaddle) {
  const Matrix U = planted_factor(20, {1}, 20, 5);
  const DenseInstance data = dense_instance(U * U.transpose(), 200, 100, 10, 6);
  const Matrix X = U * U.transpose();
  const Probe found = probed(data, {.L = U}, {}, &X);
  EXPECT_EQ(found.verdict, "strict saddle");
  EXPECT_NE(found.message.find("does not make the point wrong"), std::string::npos);
  EXPECT_EQ(found.stationarity.state, State::stationary);
  EXPECT_LT(found.direction->slope, -0.02);
  EXPECT_NEAR(found.truth->relative_error, 0, 1e-12);
  EXPECT_FALSE(found.sign_rip.error);
}

TEST(Probe, TheZeroPoint) {
  const Matrix U = planted_factor(5, {1}, 1, 5);
  const DenseInstance data = dense_instance(U * U.transpose(), 80, 0, 0, 6);
  const Probe found = probed(data, {.L = Matrix::Zero(5, 2)});
  EXPECT_EQ(found.rank, 0);
  EXPECT_EQ(found.stationarity.state, State::stationary);
  EXPECT_EQ(found.verdict, "strict saddle");
  EXPECT_FALSE(found.sharpness);
}

TEST(Probe, OneMeasurementOfOneNumber) {
  const Matrix one = Matrix::Ones(1, 1);
  const DenseInstance data = dense_instance(2 * one, 1, 0, 0, 6);
  const Probe exact = probed(data, {.L = std::sqrt(2.0) * one});
  EXPECT_EQ(exact.stationarity.state, State::stationary);
  EXPECT_EQ(exact.nonzero_residuals, 0);
  EXPECT_EQ(probed(data, {.L = one}).verdict, "not stationary");
  EXPECT_EQ(probed(data, {.L = one, .R = one}).verdict, "not stationary");
}

TEST(Probe, ACutTakesNoiseForZero) {
  const Matrix U = planted_factor(8, {3, 1}, 8, 2);
  DenseInstance data = dense_instance(U * U.transpose(), 200, 20, 10, 3);
  const Random noise(9, 9);
  for (Index e = 0; e < 200; ++e) data.y[static_cast<std::size_t>(e)] += 1e-4 * noise.normal(e);
  const Probe all = probed(data, {.L = U});
  EXPECT_EQ(all.zero_residuals, 0);
  EXPECT_EQ(all.verdict, "not stationary");
  EXPECT_NE(all.message.find("--cut"), std::string::npos);
  ProbeOptions options;
  options.cut = 1e-3;
  const Probe honest = probed(data, {.L = U}, options);
  EXPECT_NEAR(static_cast<double>(honest.zero_residuals), 180, 1);
  EXPECT_EQ(honest.stationarity.state, State::stationary);
}

// Entries are swept in an order of their own; as dense matrices they are not.
TEST(Probe, TheOrderOfTheSweepsChangesNothing) {
  const Matrix U = planted_factor(6, {2, 1}, 4, 1);
  std::vector<Index> i, j;
  std::vector<double> y;
  Matrix rows = Matrix::Zero(20, 36);
  for (const Index place : permutation(36, Random(5, 5))) {
    const auto e = static_cast<Index>(y.size());
    if (e == 20) break;
    i.push_back(place / 6);
    j.push_back(place % 6);
    rows(e, place) = 1;
    y.push_back((U * U.transpose())(place / 6, place % 6) + (e % 4 == 0 ? 3 + static_cast<double>(e) : 0));
  }
  const auto sorted = entries(6, 6, i, j), whole = dense(rows, 6, 6);
  ASSERT_FALSE(sorted->order().empty());
  for (const std::string loss : {"absolute", "squared"}) {
    ProbeOptions options;
    options.loss = loss;
    const Probe one = probe(*sorted, y, {.L = U}, nullptr, options), other = probe(*whole, y, {.L = U}, nullptr, options);
    EXPECT_NEAR(one.objective, other.objective, 1e-12);
    EXPECT_NEAR(one.stationarity.slope, other.stationarity.slope, 1e-2 * other.stationarity.scale);
    EXPECT_NEAR(one.sign_rip.largest(0), other.sign_rip.largest(0), 1e-9);
    ASSERT_EQ(one.direction.has_value(), other.direction.has_value());
    if (one.direction) {
      EXPECT_NEAR(one.direction->slope, other.direction->slope, 1e-9);
      EXPECT_NEAR(one.direction->differences[1].slope, one.direction->slope, 1e-7);
    }
    if (one.hessian) {
      EXPECT_NEAR(one.hessian->smallest, other.hessian->smallest, 1e-9);
    }
  }
}

TEST(Probe, TheBitsDoNotDependOnTheThreads) {
  const ThreadsGuard guard;
  const Matrix U = planted_factor(12, {3, 1}, 12, 2);
  const DenseInstance data = dense_instance(U * U.transpose(), 300, 100, 10, 3);
  set_threads(1);
  const Probe one = probed(data, {.L = U});
  set_threads(3);
  const Probe three = probed(data, {.L = U});
  EXPECT_EQ(one.stationarity.residual, three.stationarity.residual);
  EXPECT_EQ(one.direction->slope, three.direction->slope);
  EXPECT_EQ(one.sharpness->least, three.sharpness->least);
  EXPECT_EQ(one.sign_rip.draws[0].delta, three.sign_rip.draws[0].delta);
}

TEST(Probe, BadArgumentsAreNamed) {
  const Matrix U = planted_factor(4, {1}, 2, 5);
  const DenseInstance data = dense_instance(U * U.transpose(), 10, 0, 0, 6);
  const auto refuses = [&](const ProbePoint& at, const ProbeOptions& options, const std::string& part,
                           const std::vector<double>& y, const Matrix* truth = nullptr) {
    try {
      probe(*data.op, y, at, truth, options);
      ADD_FAILURE() << part;
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  ProbeOptions bad;
  refuses({.L = Matrix::Zero(3, 2)}, {}, "L is 3 x 2", data.y);
  refuses({.L = U, .R = Matrix::Zero(4, 1)}, {}, "R is 4 x 1", data.y);
  refuses({.L = Matrix::Constant(4, 1, NAN)}, {}, "not finite", data.y);
  refuses({.L = Matrix::Constant(4, 1, 1e200)}, {}, "too large", data.y);
  refuses({.L = U}, {}, "9 numbers", std::vector<double>(9, 1.0));
  refuses({.L = U}, {}, "not finite", std::vector<double>(10, NAN));
  const Matrix zero = Matrix::Zero(4, 4);
  refuses({.L = U}, {}, "truth", data.y, &zero);
  bad.tolerance = 0;
  refuses({.L = U}, bad, "tolerance", data.y);
  bad = {};
  bad.loss = "cubic";
  refuses({.L = U}, bad, "cubic", data.y);
  bad = {};
  bad.settings = {{"delta", "1"}};
  refuses({.L = U}, bad, "loss.NAME", data.y);
}

TEST(Factored, GivesBackTheMatrixWithTheColumnsAskedFor) {
  const Matrix V = normal_matrix(5, 2, Random(2, 2)), W = normal_matrix(4, 2, Random(2, 3));
  EXPECT_LT((product_of(factored(V * V.transpose(), 4)) - V * V.transpose()).norm(), 1e-12);
  EXPECT_TRUE(factored(V * V.transpose(), 4).symmetric());
  EXPECT_EQ(factored(V * V.transpose(), 0).L.cols(), 2);
  EXPECT_EQ(factored(V * V.transpose(), 4).L.cols(), 4);
  const ProbePoint indefinite = factored(Matrix(-V * V.transpose()), 3);
  EXPECT_FALSE(indefinite.symmetric());
  EXPECT_LT((product_of(indefinite) + V * V.transpose()).norm(), 1e-12);
  EXPECT_LT((product_of(factored(V * W.transpose(), 0)) - V * W.transpose()).norm(), 1e-12);
  EXPECT_EQ(factored(Matrix::Zero(3, 3), 0).L.cols(), 1);
  EXPECT_THROW(factored(V * V.transpose(), 1), std::invalid_argument);
  EXPECT_THROW(factored(Matrix::Constant(2, 2, NAN), 0), std::invalid_argument);
  EXPECT_THROW(widened({.L = V}, 1), std::invalid_argument);
  EXPECT_EQ(widened({.L = V, .R = V}, 3).R.cols(), 3);
}

// A zero matrix that is not square stays one: it has two factors, and no rank to widen.
TEST(ProbePoints, TheZeroMatrixKeepsItsShape) {
  const ProbePoint wide = factored(Matrix::Zero(3, 4), 2);
  EXPECT_FALSE(wide.symmetric());
  EXPECT_TRUE(wide.L.isZero(0) && wide.L.rows() == 3 && wide.L.cols() == 2);
  EXPECT_TRUE(wide.R.isZero(0) && wide.R.rows() == 4 && wide.R.cols() == 2);
  EXPECT_TRUE(factored(Matrix::Zero(3, 3), 0).symmetric());
}

}  // namespace
}  // namespace gossan
