// Laws of every operator: those in the table, and the packed, streamed and implicit ones.
#include <Eigen/SVD>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "laws/named.hpp"
#include "laws/operator_samples.hpp"

namespace gossan {

void PrintTo(const OperatorRow& row, std::ostream* out) { *out << row.name; }

namespace {

std::vector<double> predictions(const Operator& A, const Matrix& L, const Matrix& R) {
  std::vector<double> z(static_cast<std::size_t>(A.measurements()));
  predict(A, L, R, z);
  return z;
}

// Row e is A_e, row-major: read off the predictions of the matrices with a single 1. Uses no adjoint.
Matrix dense_form(const Operator& A) {
  Matrix form(A.measurements(), A.rows() * A.cols());
  for (Index a = 0; a < A.rows(); ++a)
    for (Index b = 0; b < A.cols(); ++b) {
      Matrix L = Matrix::Zero(A.rows(), 1), R = Matrix::Zero(A.cols(), 1);
      L(a, 0) = R(b, 0) = 1;
      const auto z = predictions(A, L, R);
      form.col(a * A.cols() + b) = Eigen::Map<const Vector>(z.data(), A.measurements());
    }
  return form;
}

class OperatorLaws : public testing::TestWithParam<OperatorSample> {
 protected:
  Matrix factor(Index rows, Index r, std::uint64_t stream) const { return normal_matrix(rows, r, Random(17, stream)); }
  Vector weights(std::uint64_t stream) const { return normal_matrix(n, 1, Random(18, stream)).col(0); }
  std::span<const double> view(const Vector& w) const { return {w.data(), static_cast<std::size_t>(w.size())}; }

  std::unique_ptr<Operator> A = GetParam().sample(3);
  Index n = A->measurements();
  Matrix form = dense_form(*A);
};

constexpr std::array<Index, 4> ranks = {1, 2, 3, 8};

TEST_P(OperatorLaws, PredictionsAreLinearInTheMatrix) {
  for (Index r : ranks) {
    const Matrix L = factor(A->rows(), r, 0), R = factor(A->cols(), r, 1);
    const Matrix X = L * R.transpose();
    const Vector wanted = form * Eigen::Map<const Vector>(X.data(), X.size());
    const auto z = predictions(*A, L, R);
    EXPECT_LE((Eigen::Map<const Vector>(z.data(), n) - wanted).cwiseAbs().maxCoeff(), 1e-12 * wanted.cwiseAbs().maxCoeff());
  }
}

TEST_P(OperatorLaws, GradientsAreTheAdjointTimesTheFactors) {
  const Vector w = weights(0);
  const Vector s = form.transpose() * w;
  const Eigen::Map<const Matrix> S(s.data(), A->rows(), A->cols());
  EXPECT_LE((whole_adjoint(*A, view(w)) - S).cwiseAbs().maxCoeff(), 1e-12 * S.cwiseAbs().maxCoeff());
  for (Index r : ranks) {
    const Matrix L = factor(A->rows(), r, 0), R = factor(A->cols(), r, 1);
    Matrix GL = Matrix::Constant(1, 1, 7), GR;  // of the wrong size, and not zero: to be overwritten
    adjoint_times(*A, view(w), L, R, GL, GR);
    EXPECT_LE((GL - S * R).cwiseAbs().maxCoeff(), 1e-12 * GL.cwiseAbs().maxCoeff());
    EXPECT_LE((GR - S.transpose() * L).cwiseAbs().maxCoeff(), 1e-12 * GR.cwiseAbs().maxCoeff());
    adjoint_times(*A, view(w), L, R, GL, GR);
    EXPECT_LE((GL - S * R).cwiseAbs().maxCoeff(), 1e-12 * GL.cwiseAbs().maxCoeff());
  }
}

// <w, A(L R^T)> = <A*(w), L R^T> = <A*(w) R, L> = <A*(w)^T L, R>.
TEST_P(OperatorLaws, AdjointsAreAdjoint) {
  const Matrix L = factor(A->rows(), 3, 0), R = factor(A->cols(), 3, 1);
  const Vector w = weights(1);
  Matrix GL, GR;
  adjoint_times(*A, view(w), L, R, GL, GR);
  const auto z = predictions(*A, L, R);
  const double inner = Eigen::Map<const Vector>(z.data(), n).dot(w);
  const double tolerance = 1e-12 * Eigen::Map<const Vector>(z.data(), n).norm() * w.norm();
  EXPECT_NEAR(GL.cwiseProduct(L).sum(), inner, tolerance);
  EXPECT_NEAR(GR.cwiseProduct(R).sum(), inner, tolerance);
}

// Square matrices may come as X = U U^T, one factor on both sides: a shortcut there must not change the answer. Oblong ones
// have two factors in any case.
TEST_P(OperatorLaws, OneFactorOnBothSidesIsLikeTwoEqualOnes) {
  const Matrix U = factor(A->rows(), 3, 2), V = A->rows() == A->cols() ? U : factor(A->cols(), 3, 2);
  const Matrix& one = A->rows() == A->cols() ? U : V;
  const Vector w = weights(2);
  Matrix one_left, one_right, two_left, two_right;
  adjoint_times(*A, view(w), U, one, one_left, one_right);
  adjoint_times(*A, view(w), U, V, two_left, two_right);
  EXPECT_LE((one_left - two_left).cwiseAbs().maxCoeff(), 1e-12 * two_left.cwiseAbs().maxCoeff());
  EXPECT_LE((one_right - two_right).cwiseAbs().maxCoeff(), 1e-12 * two_right.cwiseAbs().maxCoeff());
}

TEST_P(OperatorLaws, EveryMeasurementIsJudgedOnceInBlocksOfAGranuleOrMore) {
  const Matrix L = factor(A->rows(), 2, 0), R = factor(A->cols(), 2, 1);
  Matrix GL, GR;
  for (bool gradients : {false, true}) {
    std::vector<int> judged(static_cast<std::size_t>(n));
    std::mutex mutex;
    const auto count = [&](Index first, std::span<double> z) {
      const std::lock_guard lock(mutex);
      const Index last = first + static_cast<Index>(z.size());
      ASSERT_LE(last, n);
      EXPECT_TRUE(last == n || last - first >= Operator::granule);
      for (Index e = first; e < last; ++e) ++judged[static_cast<std::size_t>(e)];
    };
    A->sweep(L, R, count, gradients ? &GL : nullptr, gradients ? &GR : nullptr);
    for (const int each : judged) EXPECT_EQ(each, 1);
  }
}

// The fused sweep: the judge sees the predictions, and what it leaves are the weights.
TEST_P(OperatorLaws, WeightsMadeFromThePredictionsEnterTheGradients) {
  const Matrix L = factor(A->rows(), 2, 0), R = factor(A->cols(), 2, 1);
  const auto cube = [](Index, std::span<double> z) {
    for (double& each : z) each = each * each * each;
  };
  Matrix GL, GR, GL2, GR2;
  A->sweep(L, R, cube, &GL, &GR);
  auto w = predictions(*A, L, R);  // in the caller's order, which is the sweeps' only for some: cubes do not care
  cube(0, w);
  adjoint_times(*A, w, L, R, GL2, GR2);
  EXPECT_LE((GL - GL2).cwiseAbs().maxCoeff(), 1e-12 * GL2.cwiseAbs().maxCoeff());
  EXPECT_LE((GR - GR2).cwiseAbs().maxCoeff(), 1e-12 * GR2.cwiseAbs().maxCoeff());
}

TEST_P(OperatorLaws, TheNormIsTheLargestSingularValueOfTheAdjoint) {
  const Vector w = weights(3);
  const Vector s = form.transpose() * w;
  const Matrix S = Eigen::Map<const Matrix>(s.data(), A->rows(), A->cols());
  const double wanted = Eigen::JacobiSVD<Eigen::MatrixXd>(S).singularValues()(0);
  EXPECT_NEAR(operator_norm(*A, view(w)), wanted, 1e-10 * wanted);
  EXPECT_EQ(operator_norm(*A, view(Vector::Zero(n))), 0);
  Vector poisoned = w;
  poisoned(1) = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(std::isnan(operator_norm(*A, view(poisoned))));
}

TEST_P(OperatorLaws, WhatDoesNotFitIsRefused) {
  const Matrix L = factor(A->rows(), 2, 0), R = factor(A->cols(), 2, 1);
  const auto keep = [](Index, std::span<double>) {};
  Matrix G, H;
  std::vector<double> one_short(static_cast<std::size_t>(n - 1));
  EXPECT_THROW(A->sweep(factor(A->rows() + 1, 2, 0), R, keep, &G, &H), std::invalid_argument);
  EXPECT_THROW(A->sweep(L, factor(A->cols() - 1, 2, 1), keep, &G, &H), std::invalid_argument);
  EXPECT_THROW(A->sweep(L, factor(A->cols(), 3, 1), keep, &G, &H), std::invalid_argument);
  EXPECT_THROW(A->sweep(L, R, keep, &G, nullptr), std::invalid_argument);
  EXPECT_THROW(A->sweep(L, R, keep, &G, &G), std::invalid_argument);
  EXPECT_THROW(predict(*A, L, R, one_short), std::invalid_argument);
  EXPECT_THROW(adjoint_times(*A, one_short, L, R, G, H), std::invalid_argument);
  EXPECT_THROW(whole_adjoint(*A, one_short), std::invalid_argument);
  EXPECT_THROW(operator_norm(*A, one_short), std::invalid_argument);
}

class OperatorTable : public testing::TestWithParam<OperatorRow> {};

TEST_P(OperatorTable, RefusesArraysThatAreNone) {
  const auto& make = GetParam().make;
  const std::vector<double> values(12, 1.0);
  const std::vector<Index> wrong_size = {5, 2}, negative = {-3, -4}, none = {}, huge = {Index{1} << 40, Index{1} << 40},
                           flat = {12};
  for (const auto& shape : {wrong_size, negative, none, huge, flat})
    EXPECT_THROW(make(shape, values, 0, 0), std::invalid_argument);
  EXPECT_THROW(make(std::vector<Index>{0, 2}, {}, 0, 0), std::invalid_argument);
  EXPECT_THROW(make(std::vector<Index>{0, 2, 2}, {}, 0, 0), std::invalid_argument);
  EXPECT_FALSE(GetParam().help.empty());
  EXPECT_FALSE(GetParam().input.empty());
}

// Of the operators that have the optional talent, of which there is at least one.
TEST(WholeAdjoint, IsTheAdjointOfTheSweepsWeights) {
  int talented = 0;
  for (const OperatorSample& row : operator_samples()) {
    const auto A = row.sample(5);
    const auto* whole = dynamic_cast<const WholeAdjoint*>(A.get());
    if (whole == nullptr) continue;
    ++talented;
    const Matrix L = normal_matrix(A->rows(), 2, Random(19, 0)), R = normal_matrix(A->cols(), 2, Random(19, 1));
    const auto halve = [](Index, std::span<double> z) {
      for (double& each : z) each /= 2;
    };
    Matrix S, GL, GR;
    whole->sweep_whole(L, R, halve, S);
    A->sweep(L, R, halve, &GL, &GR);
    EXPECT_LE((S * R - GL).cwiseAbs().maxCoeff(), 1e-12 * GL.cwiseAbs().maxCoeff()) << row.name;
    EXPECT_LE((S.transpose() * L - GR).cwiseAbs().maxCoeff(), 1e-12 * GR.cwiseAbs().maxCoeff()) << row.name;
  }
  EXPECT_GT(talented, 0);
}

INSTANTIATE_TEST_SUITE_P(All, OperatorLaws, testing::ValuesIn(operator_samples()), row_name<OperatorSample>);
INSTANTIATE_TEST_SUITE_P(Table, OperatorTable, testing::ValuesIn(operators()), row_name<OperatorRow>);

}  // namespace
}  // namespace gossan
