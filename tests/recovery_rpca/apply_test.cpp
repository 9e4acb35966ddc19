// New rows of a planted table against the model of the old ones.
#include "gossan/apply.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <stdexcept>

#include "damaged_model.hpp"
#include "gossan/io.hpp"
#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recovery_rpca/planted.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr Index old_rows = 70, new_rows = 40, cols = 60, rank = 3;

// The last rows of a planted table, which the model has not seen.
struct Split {
  explicit Split(double noise = 0, std::uint64_t seed = 1) {
    GenerateTableOptions options = cell("unif", 0.2, 0.9, seed);
    options.rows = old_rows + new_rows;
    options.cols = cols;
    options.noise = noise;
    const GeneratedTable planted = generate_table(options);
    before = planted.Y.topRows(old_rows);
    after = planted.Y.bottomRows(new_rows);
    truth = planted.X.bottomRows(new_rows);
    for (Index i = 0; i < new_rows; ++i)
      for (Index j = 0; j < cols; ++j)
        corrupted.push_back(planted.corrupted[static_cast<std::size_t>((old_rows + i) * cols + j)]);
    fit = rpca(before, {});
    model = low_rank_model(fit, table_of(before));
  }
  Applied apply_to(const Matrix& Y) const { return apply(model, table_of(Y)); }
  double error(const Applied& applied) const { return (applied.C * model.V.transpose() - truth).norm() / truth.norm(); }

  Matrix before, after, truth;
  std::vector<bool> corrupted;
  Decomposed fit;
  LowRankModel model;
};

TEST(Apply, NewRowsAreFittedFlaggedAndFilled) {
  const Split split;
  const Applied applied = split.apply_to(split.after);
  EXPECT_LT(split.error(applied), 1e-6);
  EXPECT_EQ(applied.evidence.verdict, Verdict::trusted) << applied.evidence.message;
  Index differ = 0;
  for (std::size_t e = 0; e < split.corrupted.size(); ++e) differ += applied.outliers[e] != split.corrupted[e] ? 1 : 0;
  EXPECT_LE(differ, 1);
  for (const AppliedRow& row : applied.rows) EXPECT_EQ(to_string(row.fit), "fitted");
}

TEST(Apply, WithNoise) {
  const Split split(0.01, 2);
  ASSERT_GT(split.model.noise_scale, 0);
  const Applied applied = split.apply_to(split.after);
  // Least squares told the true rank and the honest entries, on the model's own factor.
  Matrix told(new_rows, rank);
  for (Index i = 0; i < new_rows; ++i) {
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(rank, rank);
    Vector right = Vector::Zero(rank);
    for (Index j = 0; j < cols; ++j) {
      if (std::isnan(split.after(i, j)) || split.corrupted[static_cast<std::size_t>(i * cols + j)]) continue;
      gram += split.model.V.row(j).transpose() * split.model.V.row(j);
      right += split.after(i, j) * split.model.V.row(j).transpose();
    }
    told.row(i) = gram.ldlt().solve(right).transpose();
  }
  const double best = (told * split.model.V.transpose() - split.truth).norm() / split.truth.norm();
  EXPECT_LT(split.error(applied), 1.2 * best);
  EXPECT_GT(best, 1e-3);
}

TEST(Apply, ARowOfAnotherKindIsAMisfit) {
  const Split split;
  Matrix Y = split.after;
  Y.row(5) = normal_matrix(1, cols, Random(9, 9));
  const Applied applied = split.apply_to(Y);
  EXPECT_EQ(applied.rows[5].fit, RowFit::misfit);
  EXPECT_LT(applied.rows[5].chance, 1e-7);
  EXPECT_EQ(applied.rows[4].fit, RowFit::fitted);
  EXPECT_EQ(applied.evidence.verdict, Verdict::doubtful);
}

// Errors smaller than honest entries are errors all the same, and a row is fitted as it is among others.
TEST(Apply, SmallErrorsOfARowByItself) {
  const Split split;
  Matrix rows = split.truth.topRows(9);
  const double typical = median({rows.row(0).data(), rows.row(0).data() + cols});
  rows(0, 7) += 0.3 * std::max(std::abs(typical), rows.row(0).cwiseAbs().mean());
  const Matrix alone = rows.topRows(1);
  const Applied one = split.apply_to(alone), among = split.apply_to(rows);
  EXPECT_EQ(one.rows[0].fit, RowFit::fitted);
  EXPECT_EQ(one.rows[0].outliers, 1);
  EXPECT_TRUE(one.outliers[7]);
  EXPECT_LT((one.C * split.model.V.transpose() - split.truth.row(0)).norm(), 1e-6 * split.truth.row(0).norm());
  EXPECT_LT((one.C - among.C.topRows(1)).norm(), 1e-12 * one.C.norm());
}

// Columns in units a factor 1e6 apart, and rows of such sizes: each entry is judged in units of its own.
TEST(Apply, RowsAndColumnsInVeryDifferentUnits) {
  const Split even;
  const auto sizes = [](Index count, std::uint64_t seed) {
    Vector all(count);
    for (Index k = 0; k < count; ++k) all(k) = std::pow(10.0, 6 * Random(seed, 0).uniform(k) - 3);
    return all;
  };
  const Vector columns = sizes(cols, 1), old_sizes = sizes(old_rows, 2), new_sizes = sizes(new_rows, 3);
  const Matrix before = old_sizes.asDiagonal() * even.before * columns.asDiagonal();
  const Matrix after = new_sizes.asDiagonal() * even.after * columns.asDiagonal();
  const Decomposed fit = rpca(before, {});
  ASSERT_FALSE(fit.col_unit.isOnes(0));
  ASSERT_FALSE(fit.row_unit.isOnes(0));
  LowRankModel model = low_rank_model(fit, table_of(before));
  for (int round = 0; round < 2; ++round) {
    const Applied applied = apply(model, table_of(after));
    EXPECT_EQ(applied.evidence.verdict, Verdict::trusted) << applied.evidence.message;
    const Matrix X = applied.C * model.V.transpose() * model.col_unit.asDiagonal();
    const Matrix evened = new_sizes.cwiseInverse().asDiagonal() * X * columns.cwiseInverse().asDiagonal();
    EXPECT_LT((evened - even.truth).norm(), 1e-6 * even.truth.norm());
    Index differ = 0;
    for (std::size_t e = 0; e < even.corrupted.size(); ++e) differ += applied.outliers[e] != even.corrupted[e] ? 1 : 0;
    EXPECT_LE(differ, 2);
    model = fold_in(model, table_of(after), applied);
  }
}

// Rows that are mostly 0, in small numbers: they count in the unit that such rows had in the fit.
TEST(Apply, ARowOfZerosHasTheUnitOfTheFit) {
  Split split;
  split.model.zero_row_unit = std::exp2(-20);
  split.model.V *= 1e-3;
  Matrix row = Matrix::Zero(1, cols);
  const Index fitted = split.apply_to(row).rows[0].outliers;
  row(0, 3) = 100 * split.model.cut * split.model.zero_row_unit;
  const Applied applied = split.apply_to(row);
  EXPECT_EQ(fitted, 0);
  EXPECT_EQ(applied.rows[0].outliers, 1);
  EXPECT_TRUE(applied.outliers[3]);
}

TEST(Apply, NumbersBeyondTheirUnitsAreNamed) {
  Split split;
  split.model.col_unit(2) = 1e-200;
  Matrix Y = split.after;
  Y(1, 2) = 1e200;
  EXPECT_THROW(split.apply_to(Y), std::invalid_argument);
  split.model.col_unit.resize(cols - 1);
  EXPECT_THROW(split.apply_to(split.after), std::invalid_argument);
}

TEST(Apply, RowsWithFewEntriesSaySo) {
  const Split split;
  Matrix Y = split.after;
  for (Index j = 0; j < cols; ++j) {
    if (j >= 2) Y(0, j) = missing;                         // fewer than the rank
    Y(1, j) = j < rank + 1 ? split.truth(1, j) : missing;  // nothing over to check by
    Y(2, j) = missing;
    Y(3, j) = j < 10 ? split.truth(3, j) : missing;
  }
  const Applied applied = split.apply_to(Y);
  EXPECT_EQ(applied.rows[0].fit, RowFit::undetermined);
  EXPECT_EQ(applied.rows[1].fit, RowFit::unchecked);
  EXPECT_EQ(applied.rows[2].fit, RowFit::undetermined);
  EXPECT_EQ(applied.rows[3].fit, RowFit::fitted);
  EXPECT_LT((applied.C.row(3) * split.model.V.transpose() - split.truth.row(3)).norm(), 1e-5 * split.truth.row(3).norm());
  EXPECT_TRUE(applied.C.row(2).isZero(0));
}

TEST(Apply, TakesRowsInAsARefitWould) {
  const Split split(0.02, 3);
  const Applied applied = split.apply_to(split.after);
  const LowRankModel updated = fold_in(split.model, table_of(split.after), applied);
  EXPECT_EQ(updated.rows_seen, old_rows + new_rows);
  // The column space nears the true one, that of all rows.
  const auto distance = [&](const Matrix& V) {
    const Matrix Q = svd(V).U, P = svd(split.truth).V.leftCols(rank);
    return (P - Q * (Q.transpose() * P)).norm();
  };
  EXPECT_LT(distance(updated.V), 0.95 * distance(split.model.V));
  EXPECT_NEAR(updated.outlier_share, 0.2, 0.03);
}

TEST(Apply, AnExactModelStaysWhereItIs) {
  const Split split;
  const LowRankModel updated = fold_in(split.model, table_of(split.after), split.apply_to(split.after));
  EXPECT_LT((updated.V - split.model.V).norm(), 1e-5 * split.model.V.norm());
}

TEST(Apply, Interrupted) {
  const Split split;
  const Observer stop = [](const Iterate&) { return std::optional(Status::interrupted); };
  const Applied applied = apply(split.model, table_of(split.after), {.observers = {stop}});
  EXPECT_EQ(applied.status, Status::interrupted);
  EXPECT_EQ(applied.rows[0].fit, RowFit::undetermined);
}

TEST(Apply, RefusesOtherTables) {
  const Split split;
  EXPECT_THROW(split.apply_to(split.after.leftCols(cols - 1)), std::invalid_argument);
  Matrix Y = split.after;
  Y(3, 4) = std::numeric_limits<double>::infinity();
  EXPECT_THROW(split.apply_to(Y), std::invalid_argument);
}

class ModelFile : public testing::Test {
 protected:
  TemporaryFolder folder;
  std::filesystem::path file() const { return folder / "model.npz"; }
};

TEST_F(ModelFile, ComesBackToTheBit) {
  Split split(0.01, 4);
  for (const bool units : {false, true}) {
    if (units) split.model.col_unit = Vector::LinSpaced(cols, 1, 2);
    split.model.zero_row_unit = units ? 0.25 : 0;
    write_model(file(), split.model);
    const LowRankModel again = std::get<LowRankModel>(read_model(file()));
    EXPECT_EQ(again.col_unit, split.model.col_unit);
    EXPECT_EQ(again.zero_row_unit, split.model.zero_row_unit);
  }
  const LowRankModel back = std::get<LowRankModel>(read_model(file()));
  EXPECT_EQ(back.V, split.model.V);
  EXPECT_EQ(back.moments, split.model.moments);
  EXPECT_EQ(back.noise_scale, split.model.noise_scale);
  EXPECT_EQ(back.cut, split.model.cut);
  EXPECT_EQ(back.outlier_share, split.model.outlier_share);
  EXPECT_EQ(back.rows_seen, old_rows);
}

TEST_F(ModelFile, RefusesWhatIsDamagedOrForeign) {
  const Split split;
  write_model(file(), split.model);
  const Members good = read_npz(file());
  const auto refused = [&](const std::function<void(Members&)>& change, const std::string& said) {
    expect_refused(file(), good, change, said);
  };
  refused([](auto& arrays) { arrays.erase("gossan_model"); }, "is no model of gossan");
  refused([](auto& arrays) { arrays["gossan_model"].values[0] = 2; }, "format 2");
  refused([](auto& arrays) { arrays["col_unit"] = {{cols}, std::vector<double>(cols, 0.0), "<f8"}; }, "col_unit");
  refused([](auto& arrays) { arrays["col_unit"] = {{1}, {1.0}, "<f8"}; }, "col_unit");
  refused([](auto& arrays) { arrays["zero_row_unit"] = {{1}, {-1.0}, "<f8"}; }, "zero_row_unit");
  for (const char* name : {"V", "moments", "cut", "noise_scale", "outlier_share", "rows_seen"}) {
    refused([&](auto& arrays) { arrays.erase(name); }, "is missing");
    refused([&](auto& arrays) { arrays[name].values[0] = missing; }, "expected finite numbers");
  }
  refused([](auto& arrays) { arrays["cut"].values[0] = -1; }, "cut");
  refused([](auto& arrays) { arrays["outlier_share"].values[0] = 1; }, "outlier_share");
  refused([](auto& arrays) { arrays["moments"].shape = {1, std::ssize(arrays["moments"].values)}; }, "moments");
  refused([](auto& arrays) { arrays["V"].shape = {std::ssize(arrays["V"].values)}; }, "expected a matrix");
  refused([](auto& arrays) { arrays["V"] = {{0, 3}, {}, "<f8"}; }, "V");
  write_text(file(), "no archive");
  EXPECT_THROW(read_model(file()), BadFile);
}

}  // namespace
}  // namespace gossan
