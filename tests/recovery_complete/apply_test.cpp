// Rows that a completed matrix has not seen, by the model that it leaves.
#include "gossan/apply.hpp"

#include <gtest/gtest.h>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>

#include "damaged_model.hpp"
#include "gossan/io.hpp"
#include "recovery_complete/planted.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

constexpr Index old_rows = 240, new_rows = 60, columns = 150;

GenerateRatingsOptions more_rows(std::uint64_t seed) {
  return {.rows = old_rows + new_rows, .cols = columns, .rank = 3, .observed = 0.4, .noise = 0.5, .seed = seed};
}

void add(Ratings& to, const Ratings& from, std::size_t e) {
  to.i.push_back(from.i[e]);
  to.j.push_back(from.j[e]);
  to.value.push_back(from.value[e]);
}

// Ratings of rows 0 .. old - 1; most of those of the rows behind them; and the places of the rest.
struct RatingsSplit {
  explicit RatingsSplit(const GenerateRatingsOptions& options, Index old = old_rows) : made(generate_ratings(options)) {
    before.rows = old, before.cols = given.cols = all.cols = columns;
    given.rows = all.rows = options.rows;
    const Random coin(options.seed, 905);
    for (std::size_t e = 0; e < made.ratings.value.size(); ++e) {
      if (made.ratings.i[e] < old) {
        add(before, made.ratings, e);
        add(all, made.ratings, e);
      } else if (coin.uniform(static_cast<Index>(e)) < 0.8) {
        add(given, made.ratings, e);
        add(all, made.ratings, e);
        bad.push_back(made.bad[e]);
      } else {
        i.push_back(made.ratings.i[e]);
        j.push_back(made.ratings.j[e]);
      }
    }
  }
  // Of the rest.
  double error(const EntryModel& model) const { return error_at(made, model, i, j); }
  GeneratedRatings made;
  Ratings before, given, all;
  std::vector<bool> bad;  // of those given
  std::vector<Index> i, j;
};

// The new rows as the model has them that no rating was of.
EntryModel unseen_rows(const EntryModel& model) { return apply(model, {old_rows + new_rows, columns, {0}, {0}, {3}}).model; }

TEST(ApplyRatings, NewRowsArePredictedAsByARefit) {
  for (const std::string method : {"student-t", "ordinal"}) {
    SCOPED_TRACE(method);
    const RatingsSplit split(more_rows(1));
    const Completed model = complete(split.before, {.method = method});
    const AppliedRatings applied = apply(model, split.given);
    EXPECT_EQ(applied.evidence.verdict, Verdict::trusted) << applied.evidence.message;
    EXPECT_EQ(applied.status, Status::converged);
    EXPECT_LT(split.error(applied.model), 1.1 * split.error(complete(split.all, {.method = method})));
    EXPECT_LT(split.error(applied.model), 0.5 * split.error(unseen_rows(model)));
  }
}

TEST(ApplyRatings, BadOnesAreFlaggedAndDoLittle) {
  GenerateRatingsOptions options = more_rows(2);
  options.reversed = 0.25;
  const RatingsSplit split(options);
  const Completed model = complete(split.before, {});
  ASSERT_EQ(model.method, "ordinal");
  const AppliedRatings applied = apply(model, split.given);
  EXPECT_LT(split.error(applied.model), 1.15 * split.error(complete(split.all, {})));
  double hits = 0, flagged = 0;
  for (std::size_t e = 0; e < split.bad.size(); ++e) {
    flagged += applied.flags.outliers[e] ? 1 : 0;
    hits += applied.flags.outliers[e] && split.bad[e] ? 1 : 0;
  }
  EXPECT_GT(hits / flagged, 0.7);
  EXPECT_GT(flagged, 0.1 * static_cast<double>(split.bad.size()));
}

// The equations of the fit, by dense matrices: (P + sum w/s2 E[z z^T]) x = P m + sum w/s2 ((y - mu) g - E[b z]), z = [g, 1], with
// w = (nu + 1) / (nu + E[r^2] / s2).
TEST(ApplyRatings, ARowSolvesItsEquations) {
  const RatingsSplit split(more_rows(3));
  const Completed model = complete(split.before, {.method = "student-t"});
  const EntryModel fitted = apply(model, split.given).model;
  const Index R = model.col.factor.cols(), K = R + 1, row = old_rows + 7;
  const auto unpack = [K](const Matrix& packed, Index a) {
    Eigen::MatrixXd M(K, K);
    for (Index k = 0, at = 0; k < K; ++k)
      for (Index l = 0; l <= k; ++l) M(k, l) = M(l, k) = packed(a, at++);
    return M;
  };
  const double s2 = model.noise_scale * model.noise_scale;
  Vector x(K);
  x << fitted.row.factor.row(row).transpose(), fitted.row.bias(row);
  const Eigen::MatrixXd C = unpack(fitted.row.covariance, row), E = C + x * x.transpose();
  Eigen::MatrixXd A = model.row_prior.variance.cwiseInverse().asDiagonal();
  const RowPrior& known = model.row_prior;
  Vector u = Vector::Zero(known.weights.rows()), right = Vector::Zero(K);
  double degree = 1;
  for (std::size_t e = 0; e < split.given.value.size(); ++e) {
    if (split.given.i[e] != row) continue;
    const Index j = split.given.j[e];
    const Eigen::MatrixXd D = unpack(model.col.covariance, j);
    Vector z(K), cross(K);
    z << model.col.factor.row(j).transpose(), 1;
    const double b = model.col.bias(j), y = split.given.value[e] - model.mean;
    Eigen::MatrixXd Z = z * z.transpose();
    Z.topLeftCorner(R, R) += D.topLeftCorner(R, R);
    cross = b * z;
    cross.head(R) += D.col(R).head(R);
    const double square =
        y * y - 2 * y * (x.dot(z) + b) + (E * Z).trace() + 2 * x.dot(cross) + b * b + D(R, R);  // E[(y - x z - b)^2]
    const double w = (model.nu + 1) / (model.nu + square / s2);
    A += w / s2 * Z;
    right += w / s2 * (y * z - cross);
    u.head(u.size() - 1) += known.by_column.row(j).transpose();
    degree += 1;
  }
  u /= std::sqrt(degree);
  u(u.size() - 1) = std::log(degree);
  const Vector prior = known.constant + known.weights.transpose() * u.cwiseMax(known.lowest).cwiseMin(known.highest);
  right += prior.cwiseQuotient(known.variance);
  EXPECT_GT(degree, 20);
  EXPECT_LT((A.ldlt().solve(right) - x).norm(), 1e-5 * x.norm());
  EXPECT_LT((A.inverse() - C).norm(), 1e-5 * C.norm());
}

// A single rating says something, and never more than it can: rows of one are predicted better than rows of none.
TEST(ApplyRatings, RowsOfOneRating) {
  for (std::uint64_t seed = 1; seed <= SEEDS; ++seed) {
    const RatingsSplit split(more_rows(seed));
    const Completed model = complete(split.before, {});
    Ratings ones{old_rows + new_rows, columns};
    for (std::size_t e = 0; e < split.given.value.size(); ++e)
      if (ones.i.empty() || ones.i.back() != split.given.i[e]) add(ones, split.given, e);
    const EntryModel fitted = apply(model, ones).model;
    EXPECT_LT(split.error(fitted), 0.97 * split.error(unseen_rows(model)));
    std::vector<double> mean(split.i.size()), sd(mean), wide(mean);
    predict(fitted, split.i, split.j, mean, sd);
    predict(fitted, std::vector<Index>(split.i.size(), -1), split.j, mean, wide);
    for (std::size_t e = 0; e < sd.size(); ++e) {
      EXPECT_LT(sd[e], 1.15 * wide[e]);
      EXPECT_GT(sd[e], 0.5);
    }
  }
}

TEST(ApplyRatings, ARowOfRandomRatingsIsFlaggedAndTeachesNothing) {
  RatingsSplit split(more_rows(5));
  const Random level(5, 906);
  for (std::size_t e = 0; e < split.given.value.size(); ++e)
    if (split.given.i[e] == old_rows + 9) split.given.value[e] = level.uniform(static_cast<Index>(e)) < 0.5 ? 1 : 5;
  const Completed model = complete(split.before, {});
  const AppliedRatings applied = apply(model, split.given);
  EXPECT_TRUE(applied.flags.flagged_rows[old_rows + 9]);
  EXPECT_LE(std::count(applied.flags.flagged_rows.begin(), applied.flags.flagged_rows.end(), true), 2);
  EXPECT_EQ(applied.evidence.verdict, Verdict::trusted);
  Ratings stranger{old_rows + new_rows, columns};
  for (std::size_t e = 0; e < split.given.value.size(); ++e)
    if (split.given.i[e] == old_rows + 9) add(stranger, split.given, e);
  const AppliedRatings alone = apply(model, stranger);
  EXPECT_EQ(alone.evidence.verdict, Verdict::failed);
  EXPECT_LT((fold_in(model, stranger, alone).col.factor - model.col.factor).norm(), 1e-9 * model.col.factor.norm());
}

TEST(ApplyRatings, TakingRowsInTeachesTheColumns) {
  constexpr Index few = 60;
  for (const std::string method : {"student-t", "ordinal"}) {
    SCOPED_TRACE(method);
    const RatingsSplit split(more_rows(6), few);
    // The rows that are taken in, and those that are predicted.
    Ratings first{old_rows, columns}, later{old_rows + new_rows, columns};
    for (std::size_t e = 0; e < split.given.value.size(); ++e) add(split.given.i[e] < old_rows ? first : later, split.given, e);
    const Completed model = complete(split.before, {.method = method});
    const EntryModel taught = fold_in(model, first, apply(model, first));
    EXPECT_EQ(taught.rows, old_rows);
    Ratings late_alone = later;
    const double before = split.error(apply(model, late_alone).model), after = split.error(apply(taught, later).model);
    const double refit = split.error(complete(split.all, {.method = method}));
    EXPECT_LT(after, 0.8 * before);
    EXPECT_LT(after, 1.5 * refit);
  }
}

// What a row was fitted to is remembered: two parts of its ratings, one after the other, say what both together do.
TEST(ApplyRatings, FurtherRatingsOfAKnownRow) {
  const RatingsSplit split(more_rows(7));
  Ratings first{split.given.rows, columns}, second{split.given.rows, columns};
  for (std::size_t e = 0; e < split.given.value.size(); ++e) add(e % 2 == 0 ? first : second, split.given, e);
  const Completed model = complete(split.before, {.method = "student-t"});
  const EntryModel half = apply(model, first).model;
  const double together = split.error(apply(model, split.given).model), in_two = split.error(apply(half, second).model);
  EXPECT_LT(in_two, 1.05 * together);
  EXPECT_LT(in_two, 0.9 * split.error(half));
}

TEST(ApplyRatings, Refuses) {
  const RatingsSplit split(more_rows(8));
  const Completed model = complete(split.before, {});
  EXPECT_THROW(apply(model, {old_rows, columns - 1, {0}, {0}, {1}}), std::invalid_argument);
  EXPECT_THROW(apply(model, {old_rows - 1, columns, {0}, {0}, {1}}), std::invalid_argument);
  EXPECT_THROW(apply(model, {old_rows, columns, {0}, {columns}, {1}}), std::invalid_argument);
  EXPECT_THROW(apply(model, {old_rows, columns, {0, 0}, {1, 1}, {1, 2}}), std::invalid_argument);
  EXPECT_THROW(apply(model, {old_rows, columns, {0}, {0}, {std::numeric_limits<double>::infinity()}}), std::invalid_argument);
  EXPECT_THROW(apply(EntryModel{}, {1, 1, {0}, {0}, {1}}), std::invalid_argument);
  EXPECT_THROW(low_rank_model(model, split.before), std::invalid_argument);
}

TEST(ApplyRatings, Interrupted) {
  const RatingsSplit split(more_rows(9));
  const Completed model = complete(split.before, {});
  const Observer stop = [](const Iterate&) { return std::optional(Status::interrupted); };
  const AppliedRatings applied = apply(model, split.given, {.observers = {stop}});
  EXPECT_EQ(applied.status, Status::interrupted);
  EXPECT_EQ(applied.evidence.verdict, Verdict::doubtful);
  EXPECT_TRUE(applied.model.row.factor.allFinite());
}

// The columns of low-rank entries are a factor that gross errors of new rows stand out from.
TEST(ApplyEntries, NewRowsByTheFactorOfAPursuit) {
  PlantedEntries planted = planted_entries({.rows = 120, .cols = 60, .rank = 3, .observed = 0.6, .seed = 1});
  constexpr Index old = 80;
  Ratings before{old, 60};
  Matrix Y = Matrix::Constant(40, 60, std::numeric_limits<double>::quiet_NaN());
  std::vector<bool> wrong(static_cast<std::size_t>(Y.size()), false);
  for (std::size_t e = 0; e < planted.data.value.size(); ++e) {
    const Index i = planted.data.i[e] - old, j = planted.data.j[e];
    if (i < 0) {
      add(before, planted.data, e);
      continue;
    }
    wrong[static_cast<std::size_t>(i * 60 + j)] = e % 10 == 0;
    Y(i, j) = planted.data.value[e] + (e % 10 == 0 ? 2 : 0);
  }
  const Completed fit = complete(before, {});
  ASSERT_EQ(fit.method, "pursuit");
  const LowRankModel model = low_rank_model(fit, before);
  const Applied applied = apply(model, table_of(Y));
  const Matrix truth = planted.X.bottomRows(40);
  EXPECT_LT(relative(applied.C * model.V.transpose(), truth), 1e-6);
  EXPECT_EQ(applied.outliers, wrong);
  const LowRankModel updated = fold_in(model, table_of(Y), applied);
  EXPECT_LT((updated.V - model.V).norm(), 1e-6 * model.V.norm());
  EXPECT_EQ(updated.rows_seen, 120);
}

}  // namespace
}  // namespace gossan
