// The probe as a whole, and points made from their product.
#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <numbers>

#include "gossan/linalg.hpp"
#include "probed.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

// Rank 1 leaves the tangents few enough for the honest measurements to hold the truth to first order, far into descent beyond.
TEST(Probe, TheTruthCanBeAStrictSaddle) {
  const Matrix U = planted_factor(20, {1}, 20, 5);
  const DenseInstance data = dense_instance(U * U.transpose(), 200, 100, 10, 6);
  const Matrix X = U * U.transpose();
  const Probe found = probed(data, {.L = U}, {}, &X);
  EXPECT_EQ(found.verdict, "strict saddle");
  EXPECT_NE(found.message.find("does not make the point wrong"), std::string::npos);
  EXPECT_EQ(found.stationarity.state, Stationarity::State::stationary);
  EXPECT_LT(found.direction->slope, -0.02);
  EXPECT_NEAR(found.truth->relative_error, 0, 1e-12);
  EXPECT_FALSE(found.sign_rip.error);
}

TEST(Probe, TheZeroPoint) {
  const Matrix U = planted_factor(5, {1}, 1, 5);
  const DenseInstance data = dense_instance(U * U.transpose(), 80, 0, 0, 6);
  const Probe found = probed(data, {.L = Matrix::Zero(5, 2)});
  EXPECT_EQ(found.rank, 0);
  EXPECT_EQ(found.stationarity.state, Stationarity::State::stationary);
  EXPECT_EQ(found.verdict, "strict saddle");
  EXPECT_FALSE(found.sharpness);
}

TEST(Probe, OneMeasurementOfOneNumber) {
  const Matrix one = Matrix::Ones(1, 1);
  const DenseInstance data = dense_instance(2 * one, 1, 0, 0, 6);
  const Probe exact = probed(data, {.L = std::sqrt(2.0) * one});
  EXPECT_EQ(exact.stationarity.state, Stationarity::State::stationary);
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
  EXPECT_EQ(honest.stationarity.state, Stationarity::State::stationary);
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

// Stopped at its k-th question, a probe has what came before, and says that it was stopped.
TEST(Probe, EndsWithWhatThereIsWhereAnObserverSaysSo) {
  const Matrix U = planted_factor(8, {3}, 8, 5);
  const DenseInstance data = dense_instance(U * U.transpose(), 60, 30, 10, 6);
  ProbeOptions options;
  options.samples = 4;
  options.draws = 3;
  Index all = 0;
  const auto stop_at = [&](Index last) {
    Watch watch;
    all = 0;
    double fraction = 0;
    watch.progress = [&](std::string_view, double at) {
      EXPECT_GE(at, fraction);
      fraction = at;
    };
    watch.observers.emplace_back([&, last](const Iterate&) -> std::optional<Status> {
      return all++ == last ? std::optional(Status::interrupted) : std::nullopt;
    });
    return probe(*data.op, data.y, {.L = U}, nullptr, options, watch);
  };
  EXPECT_EQ(stop_at(-1).status, Status::converged);
  const Index questions = all;
  EXPECT_GT(questions, 4 + 3);
  for (Index last = 0; last < questions; ++last) {
    const Probe found = stop_at(last);
    EXPECT_EQ(found.status, Status::interrupted);
    EXPECT_NE(found.message.find("stopped"), std::string::npos);
    EXPECT_LT(found.sign_rip.draws.size(), 3U);
    EXPECT_EQ(found.direction.has_value(), last >= questions - 3);
  }
  const Probe soon = stop_at(0);
  EXPECT_FALSE(soon.sharpness || soon.direction);
  EXPECT_NE(soon.verdict, "strict saddle");
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
