// Inputs at the edges: what becomes of each is defined in docs/rpca.md.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/random.hpp"
#include "recovery_rpca/planted.hpp"

namespace gossan {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool is_trusted(const Decomposed& found) { return found.evidence.verdict == Verdict::trusted; }

TEST(RpcaHardInputs, ZerosAlone) {
  const Decomposed found = rpca(Matrix::Zero(12, 9), {});
  EXPECT_EQ(found.rank, 0);
  EXPECT_EQ(found.L.cols(), 0);
  EXPECT_EQ(found.outlier_fraction, 0);
  EXPECT_TRUE(is_trusted(found));
}

TEST(RpcaHardInputs, NothingObserved) {
  const Decomposed found = rpca(Matrix::Constant(4, 5, nan), {});
  EXPECT_EQ(found.rank, 0);
  EXPECT_EQ(found.observed, 0);
  EXPECT_EQ(found.evidence.verdict, Verdict::failed);
  EXPECT_EQ(found.unseen_rows.size(), 4U);
  EXPECT_EQ(found.unseen_cols.size(), 5U);
}

TEST(RpcaHardInputs, OneRowOrColumnCanBeAnything) {
  for (const auto& [rows, cols] : {std::pair<Index, Index>{1, 40}, {40, 1}, {1, 1}, {2, 2}, {3, 2}}) {
    SCOPED_TRACE(std::to_string(rows) + " x " + std::to_string(cols));
    const Matrix Y = normal_matrix(rows, cols, Random(1, 2));
    const Decomposed found = rpca(Y, {});
    EXPECT_FALSE(is_trusted(found));
    EXPECT_EQ(found.L.rows(), rows);
    EXPECT_EQ(found.R.rows(), cols);
    EXPECT_TRUE(found.L.allFinite() && found.R.allFinite());
  }
}

TEST(RpcaHardInputs, RankNearTheSideIsNotTrusted) {
  const Decomposed found = rpca(normal_matrix(25, 20, Random(3, 4)), {});
  EXPECT_FALSE(is_trusted(found));
  EXPECT_TRUE(found.L.allFinite() && found.R.allFinite());
}

TEST(RpcaHardInputs, RowsAndColumnsThatWereNeverSeenAreNamed) {
  GeneratedTable planted = generate_table(cell("unif", 0.1, 1, 5));
  planted.Y.row(4).setConstant(nan);
  planted.Y.col(9).setConstant(nan);
  planted.Y.col(30).setConstant(nan);
  const Decomposed found = rpca(planted.Y, {});
  EXPECT_EQ(found.unseen_rows, std::vector<Index>{4});
  EXPECT_EQ(found.unseen_cols, (std::vector<Index>{9, 30}));
  EXPECT_FALSE(is_trusted(found));
  EXPECT_EQ(found.L.row(4).norm(), 0);
  Matrix X = planted.X;
  X.row(4).setZero();
  X.col(9).setZero();
  X.col(30).setZero();
  EXPECT_LT(error_of(found, X), 1e-6) << "what was seen is recovered all the same";
}

Matrix with_errors(const Matrix& X) {
  Matrix Y = X;
  const Random coin(7, 1), size(7, 2);
  for (Index e = 0; e < Y.size(); ++e)
    if (coin.uniform(e) < 0.1) Y.data()[e] += 8 * size.normal(e);
  return Y;
}

TEST(RpcaHardInputs, ZeroRowsDuplicatesAndManyConstantColumns) {
  Matrix X = generate_table(cell("unif", 0, 1, 6)).X;
  X.leftCols(25).setConstant(1.5);
  X.row(3).setZero();
  X.row(8) = X.row(2);
  X.row(9) = X.row(2);
  X.col(41) = X.col(42);
  const Decomposed found = rpca(with_errors(X), {});
  EXPECT_LT(error_of(found, X), 1e-6) << failed_checks(found);
  EXPECT_EQ(found.rank, 4) << "the constant columns are one more direction";
  EXPECT_TRUE(is_trusted(found)) << failed_checks(found);
}

// A direction of two columns cannot be told from errors in them.
TEST(RpcaHardInputs, FewConstantColumnsAreNamed) {
  Matrix X = generate_table(cell("unif", 0, 1, 6)).X;
  X.col(5).setConstant(1.5);
  X.col(6).setConstant(-2);
  const Decomposed found = rpca(with_errors(X), {});
  EXPECT_FALSE(is_trusted(found));
  EXPECT_EQ(found.doubtful_cols, (std::vector<Index>{5, 6})) << failed_checks(found);
  Matrix difference = found.L * found.R.transpose() - X;
  difference.col(5).setZero();
  difference.col(6).setZero();
  EXPECT_LT(difference.norm(), 1e-6 * X.norm()) << "the other columns are recovered all the same";
}

TEST(RpcaHardInputs, IntegersAreExact) {
  const Matrix U = (3 * normal_matrix(70, 2, Random(1, 1))).array().round(),
               V = (3 * normal_matrix(60, 2, Random(1, 2))).array().round();
  const Matrix X = U * V.transpose();
  Matrix Y = X;
  const Random coin(8, 1);
  for (Index e = 0; e < Y.size(); ++e)
    if (coin.uniform(e) < 0.1) Y.data()[e] += 50;
  const Decomposed found = rpca(Y, {});
  EXPECT_LT(error_of(found, X), 1e-8);
  EXPECT_EQ(found.rank, 2);
  EXPECT_TRUE(is_trusted(found)) << failed_checks(found);
}

TEST(RpcaHardInputs, BooleanBlocks) {
  // Two groups of rows that see two groups of columns: rank 2, more zeros than ones.
  Matrix X = Matrix::Zero(60, 50);
  X.topLeftCorner(25, 20).setOnes();
  X.bottomRightCorner(20, 18).setOnes();
  Matrix Y = X;
  const Random coin(9, 1);
  for (Index e = 0; e < Y.size(); ++e)
    if (coin.uniform(e) < 0.05) Y.data()[e] = 1 - Y.data()[e];
  const Decomposed found = rpca(Y, {});
  if (is_trusted(found)) {
    EXPECT_LT(error_of(found, X), 1e-6);
  }
  EXPECT_TRUE(found.L.allFinite() && found.R.allFinite());
}

TEST(RpcaHardInputs, ColumnsOfVeryDifferentUnits) {
  GeneratedTable planted = generate_table(cell("unif", 0.1, 1, 10));
  for (Index j = 0; j < planted.Y.cols(); ++j) {
    const double unit = std::pow(10.0, static_cast<double>(j % 9) - 4);
    planted.Y.col(j) *= unit;
    planted.X.col(j) *= unit;
  }
  const Decomposed found = rpca(planted.Y, {});
  EXPECT_EQ(found.rank, 3);
  EXPECT_TRUE(is_trusted(found)) << failed_checks(found);
  const Matrix X = found.L * found.R.transpose();
  for (Index j = 0; j < X.cols(); ++j) EXPECT_LT((X.col(j) - planted.X.col(j)).norm(), 1e-6 * planted.X.col(j).norm()) << j;
}

// Multiplying a table by a number multiplies the answer.
TEST(RpcaHardInputs, ScaleOfTheTable) {
  const GeneratedTable planted = generate_table(cell("unif", 0.1, 1, 12));
  for (const double scale : {1e-120, 1e-9, 1e100}) {
    SCOPED_TRACE(scale);
    const Decomposed found = rpca(Matrix(scale * planted.Y), {});
    EXPECT_LT((found.L * found.R.transpose() / scale - planted.X).norm(), 1e-6 * planted.X.norm());
    EXPECT_TRUE(is_trusted(found)) << failed_checks(found);
  }
}

TEST(RpcaHardInputs, RefusesWhatIsNoTable) {
  Matrix Y = Matrix::Ones(3, 3);
  Y(1, 2) = std::numeric_limits<double>::infinity();
  EXPECT_THROW(rpca(Y, {}), std::invalid_argument);
  EXPECT_THROW(rpca(Matrix(0, 3), {}), std::invalid_argument);
  EXPECT_THROW(rpca(Matrix::Ones(3, 3), {.method = "magic"}), std::invalid_argument);
  EXPECT_THROW(rpca(Matrix::Ones(3, 3), {.holdout = 0.9}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
