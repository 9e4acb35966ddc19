#include "recover/rpca/certificate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "recover/rpca/core_lad.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/row_repair.hpp"
#include "recover/shared/checks.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/quantile.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double least_support = 0.2;
constexpr double least_per_freedom = 1.5;

std::vector<Index> where_at_most(const Vector& values, double bound) {
  return where(values.size(), [&](Index i) { return values(i) <= bound; });
}

// Exact entries that X explains beyond what it explains without its last direction.
double last_direction_pays(const ObservedTable& table, const Svd& X, const ExactCounts& exact, double tolerance) {
  constexpr Index sweeps = 30;
  const Index less = X.s.size() - 1;
  if (less == 0) {
    const TableFactors zero{Matrix::Zero(table.rows(), 1), Matrix::Zero(table.cols(), 1)};
    return static_cast<double>(exact.total - count_exact(table, zero, tolerance).total);
  }
  const Matrix L = orthonormal(least_absolute(table.by_row, X.V.leftCols(less), table.row_scale, sweeps));
  const Matrix R = least_absolute(table.by_col, L, table.col_scale, sweeps);
  return static_cast<double>(exact.total - count_exact(table, {L, R}, tolerance).total);
}

}  // namespace

double support(const Svd& X) {
  const Index r = X.s.size();
  if (r == 0) return 1;
  const Vector rows = leverages(X.U), cols = leverages(X.V);
  double least = 1;
  for (const double keep : std::array{0.95, 0.75}) {
    const std::vector<Index> i = where_at_most(rows, quantile(rows, keep)), j = where_at_most(cols, quantile(cols, keep));
    if (static_cast<Index>(std::min(i.size(), j.size())) < r) return 0;
    const Matrix L = X.U(i, Eigen::all) * X.s.asDiagonal();
    const Vector s = product_svd(L, X.V(j, Eigen::all)).s;
    least = std::min(least, X.s(r - 1) > 0 ? s(r - 1) / X.s(r - 1) : 0.0);
  }
  return least;
}

double peak_leverage(const Svd& X) {
  if (X.s.size() == 0) return 0;
  const auto over = [&](const Matrix& U) { return leverages(U).maxCoeff() / allowed_leverage(X.s.size(), U.rows()); };
  return std::max(over(X.U), over(X.V));
}

std::vector<Check> direction_checks(const Svd& X) {
  const double peak = peak_leverage(X);
  return {at_least("directions are carried by many", support(X), least_support,
                   "what is left of the smallest singular value without the 5 % and the 25 % of rows and columns of most weight"),
          {"no row or column of its own", peak, 1, peak < 1, "the largest leverage of a row or column over what it may be"}};
}

bool well_supported(const Svd& X) { return support(X) >= least_support && peak_leverage(X) < 1; }

Certificate certify(const ObservedTable& table, const TableFactors& X, double tolerance) {
  Certificate result;
  result.exact = count_exact(table, X, tolerance);
  const ExactCounts& exact = result.exact;
  const Index r = X.rank();
  const double f = exact.share;
  const auto add = [&](Check check) { result.checks.push_back(std::move(check)); };

  const auto held = static_cast<double>(std::max<std::size_t>(table.held_out.size(), 1));
  const double held_share = table.held_out.empty() ? 1 : share_within(sizes_at(X, table.held_out), tolerance);
  const double least_held = std::max(0.0, f - 4 * std::sqrt(f * (1 - f) / held + 1e-9) - 1 / held);
  add({"held-out entries are met", held_share, least_held, held_share >= least_held && !table.held_out.empty(),
       "the share of entries kept out of the fit that it meets exactly, beside the share of fitted ones less four standard "
       "errors"});
  add({"most entries are met", f, 0.5, f > 0.5, "the share of fitted entries that the matrix meets exactly"});
  const double freedom = static_cast<double>(std::max<Index>(table.freedom(r), 1));
  const double per_freedom = static_cast<double>(exact.total) / freedom;
  add(at_least("entries per unknown", per_freedom, least_per_freedom,
               "exactly met entries for each number that the matrix has free: below 1 anything can be met"));
  const std::vector<char> rows = enough(exact.rows, table.row_count, f, r + 3),
                          cols = enough(exact.cols, table.col_count, f, r + 3);
  result.bad_rows = where_failed(rows);
  result.bad_cols = where_failed(cols);
  const auto bad = static_cast<double>(result.bad_rows.size() + result.bad_cols.size());
  add(at_most(
      "rows and columns short of met entries", bad, 0,
      "rows and columns that meet fewer entries than rank + 3, or than chance allows: their part of the answer is a guess"));
  const std::vector<Index> other_rows = ambiguous_rows(table.by_row, X.R, X.L, tolerance, f, {0, 20});
  const std::vector<Index> other_cols = ambiguous_rows(table.by_col, X.L, X.R, tolerance, f, {0, 21});
  result.bad_rows.insert(result.bad_rows.end(), other_rows.begin(), other_rows.end());
  result.bad_cols.insert(result.bad_cols.end(), other_cols.begin(), other_cols.end());
  for (std::vector<Index>* bad_ones : {&result.bad_rows, &result.bad_cols}) {
    std::sort(bad_ones->begin(), bad_ones->end());
    bad_ones->erase(std::unique(bad_ones->begin(), bad_ones->end()), bad_ones->end());
  }
  const auto ambiguous = static_cast<double>(other_rows.size() + other_cols.size());
  add(at_most("rows and columns with another answer", ambiguous, 0,
              "rows and columns whose unmet entries agree on another answer that is almost as likely"));
  const Svd svd = singular(X);
  for (Check& each : direction_checks(svd)) add(std::move(each));
  result.passed = all_passed(result.checks);
  if (result.passed && r > 0) {
    const double gained = last_direction_pays(table, svd, exact, tolerance);
    const double needed = 2 * static_cast<double>(table.rows() + table.cols() - 2 * r + 1);
    add(at_least("the last direction pays", gained, needed,
                 "entries that are met with the last direction and not without, beside twice the numbers that "
                 "it has free"));
    result.passed = result.checks.back().passed;
  }
  return result;
}

}  // namespace gossan::robust_pca
