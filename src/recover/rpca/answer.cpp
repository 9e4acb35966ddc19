#include "recover/rpca/answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/rpca/orthogonal.hpp"

namespace gossan::robust_pca {
namespace {

void put_factors(const TableRows& Y, const ObservedTable& table, const TableAnswer& found, Decomposed& answer) {
  const Svd svd = singular(found.X);
  // Rounding leaves columns that carry nothing.
  const Index rank = svd.s.size() > 0 && svd.s(0) > 0 ? (svd.s.array() > 1e-12 * svd.s(0)).count() : 0;
  const TableFactors X = balanced(svd, rank);
  answer.rank = rank;
  answer.L = Matrix::Zero(Y.rows, rank);
  answer.R = Matrix::Zero(Y.cols, rank);
  answer.row_unit = Vector::Ones(Y.rows);
  answer.col_unit = Vector::Ones(Y.cols);
  answer.zero_row_unit = table.zero_row_unit;
  for (Index i = 0; i < table.rows(); ++i) {
    const Index at = table.rows_of[static_cast<std::size_t>(i)];
    answer.row_unit(at) = table.row_unit(i);
    answer.L.row(at) = table.row_unit(i) * X.L.row(i);
  }
  for (Index j = 0; j < table.cols(); ++j) {
    const Index at = table.cols_of[static_cast<std::size_t>(j)];
    answer.col_unit(at) = table.col_unit(j);
    answer.R.row(at) = table.col_unit(j) * X.R.row(j);
  }
  if (table.rescaled && rank > 0) {
    const TableFactors original = balanced(product_svd(answer.L, answer.R), rank);
    answer.L = original.L;
    answer.R = original.R;
  }
  const Vector own = rank > 0 ? product_svd(answer.L, answer.R).s : Vector(0);
  const Index more = table.rescaled ? 0 : std::max<Index>(0, found.values.size() - rank);
  answer.singular_values.resize(rank + more);
  answer.singular_values << own.head(rank), found.values.tail(more);
}

void flag(const TableRows& Y, double cut, Decomposed& answer) {
  answer.outliers.assign(static_cast<std::size_t>(Y.rows * Y.cols), false);
  Index flagged = 0;
  Vector x(Y.cols);
  each_row(Y, [&](Index i, const double* row) {
    x.noalias() = answer.R * answer.L.row(i).transpose();
    for (Index j = 0; j < Y.cols; ++j) {
      const double bound = cut * answer.row_unit(i) * answer.col_unit(j);
      if (std::isnan(row[j]) || std::abs(x(j) - row[j]) <= bound) continue;
      answer.outliers[static_cast<std::size_t>(i * Y.cols + j)] = true;
      ++flagged;
    }
  });
  answer.outlier_fraction = static_cast<double>(flagged) / static_cast<double>(std::max<Index>(answer.observed, 1));
}

std::string message(const TableAnswer& found, const Decomposed& answer, bool stopped, bool unseen) {
  if (answer.observed == 0) return "No entry was observed.";
  if (stopped) return "Stopped before the end: this is what had been found by then.";
  if (found.passed && unseen)
    return "What was observed passes every check, but some rows or columns have no observed entry, and nothing is known of "
           "them.";
  if (!found.passed)
    return found.exact
               ? "No low-rank matrix was found that explains most entries of every row and column: see the checks that fail."
               : "A low-rank matrix with noise was fitted, but not every check speaks for it.";
  if (answer.rank == 0) return "Every observed entry is 0, and so is the matrix.";
  return found.exact
             ? fmt::format(
                   "A matrix of rank {} meets most entries of every row and column exactly. What contradicts it is called "
                   "wrong; "
                   "errors that are themselves of low rank, such as one wrong block, cannot be told from the matrix.",
                   answer.rank)
             : fmt::format(
                   "A matrix of rank {} explains most entries of every row and column to within noise, held-out ones as well.",
                   answer.rank);
}

void judge(const TableAnswer& found, bool stopped, Decomposed& answer) {
  Evidence& evidence = answer.evidence;
  evidence.checks = found.checks;
  const auto unseen = static_cast<double>(answer.unseen_rows.size() + answer.unseen_cols.size());
  evidence.checks.push_back(
      {"every row and column is observed", unseen, 0, unseen == 0, "rows and columns with no observed entry"});
  const bool all = found.passed && unseen == 0 && !stopped;
  evidence.verdict = all ? Verdict::trusted : Verdict::doubtful;
  if (answer.observed == 0 || !answer.L.allFinite() || !answer.R.allFinite()) evidence.verdict = Verdict::failed;
  evidence.message = message(found, answer, stopped, unseen > 0);
}

}  // namespace

void put(const TableRows& Y, const ObservedTable& table, const TableAnswer& found, bool stopped, Decomposed& answer) {
  put_factors(Y, table, found, answer);
  answer.noise_scale = found.passed && found.exact ? 0 : found.scale;
  answer.outlier_cut = found.cut;
  flag(Y, found.cut, answer);
  for (const Index i : found.bad_rows) answer.doubtful_rows.push_back(table.rows_of[static_cast<std::size_t>(i)]);
  for (const Index j : found.bad_cols) answer.doubtful_cols.push_back(table.cols_of[static_cast<std::size_t>(j)]);
  judge(found, stopped, answer);
}

}  // namespace gossan::robust_pca
