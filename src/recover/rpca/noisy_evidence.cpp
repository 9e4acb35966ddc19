#include "recover/rpca/noisy_evidence.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gossan/linalg.hpp"
#include "recover/rpca/certificate.hpp"
#include "recover/rpca/exact_counts.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/shared/checks.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::robust_pca {
namespace {

// The largest singular value of the honest residuals over the largest of noise of their size.
double structure_left(const ObservedTable& table, const TableFactors& X, double cut) {
  Matrix E = Matrix::Zero(table.rows(), table.cols());
  parallel_blocks(table.rows(), 16, [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i)
      for (Index j = 0; j < table.cols(); ++j) {
        const double residual = value_at(X, i, j) - table.by_row.at(i, j);
        if (std::abs(residual) <= cut) E(i, j) = residual;
      }
  });
  const double squares = E.squaredNorm();
  if (!(squares > 0)) return 0;
  const double all = static_cast<double>(table.rows()) * static_cast<double>(table.cols());
  return spectral_norm(E) / (std::sqrt(squares / all) * table.edge());
}

double fitted_rms(const ObservedTable& table, const TableFactors& X) {
  double squares = 0;
  for (const TableEntry& each : table.sample) squares += std::pow(value_at(X, each.i, each.j), 2);
  return std::sqrt(squares / static_cast<double>(std::max<std::size_t>(table.sample.size(), 1)));
}

}  // namespace

NoisyEvidence weigh_noisy(const ObservedTable& table, const NoisyFit& fit) {
  constexpr double least_honest = 0.55, least_per_freedom = 2, least_over_edge = 1.7;
  constexpr double most_structure = 1.2, most_noise = 0.3, most_error = 0.1;
  constexpr double normal_core = 0.6845, core_margin = 0.05;  // of |N(0, 1)| within 3: the share within 1
  NoisyEvidence evidence;
  const auto add = [&](Check check) { evidence.checks.push_back(std::move(check)); };
  const Index r = fit.X.rank();
  const double cut = noisy_cut * fit.scale;
  const std::vector<double> fitted = fitted_sizes(table, fit.X);
  const std::vector<double> held = sizes_at(fit.X, table.held_out);
  const double honest = share_within(fitted, cut);
  const double freedom = static_cast<double>(std::max<Index>(table.freedom(r), 1));
  const double count = static_cast<double>(table.count);

  // What is held out takes the fit's own error on top, and a standard error of the share.
  const double held_honest = share_within(held, cut * std::sqrt(1 + 2 * freedom / count));
  const double n_held = static_cast<double>(std::max<std::size_t>(held.size(), 1));
  const double least_held = honest - 4 * std::sqrt(honest * (1 - honest) / n_held) - 0.02;
  add({"held-out entries agree", held_honest, least_held, held_honest >= least_held && !held.empty(),
       "the share of held-out entries within three noise scales, beside that of the fitted ones less four standard errors"});
  add({"most entries are honest", honest, least_honest, honest > least_honest,
       "the share of fitted entries within three noise scales"});
  const double per_freedom = honest * count / freedom;
  add(at_least("entries per unknown", per_freedom, least_per_freedom, "honest entries for each number that the matrix has free"));
  // The fit has shrunk the residuals that it is made of.
  const double shrunk = std::sqrt(std::max(1 - freedom / std::max(honest * count, 1.0), 0.2));
  const double core = honest > 0 ? share_within(fitted, fit.scale * shrunk) / honest : 0;
  add({"residuals look like noise", core, normal_core, std::abs(core - normal_core) <= core_margin,
       "of the residuals within three noise scales the share within one; .6845 of normal noise, to .05"});
  const ExactCounts counts{count_within(table.by_row, fit.X.R, fit.X.L, cut), count_within(table.by_col, fit.X.L, fit.X.R, cut),
                           0, 0};
  const std::vector<char> rows = enough(counts.rows, table.row_count, honest, r + 3);
  const std::vector<char> cols = enough(counts.cols, table.col_count, honest, r + 3);
  evidence.bad_rows = where_failed(rows);
  evidence.bad_cols = where_failed(cols);
  const auto bad = static_cast<double>(evidence.bad_rows.size() + evidence.bad_cols.size());
  add(at_most("rows and columns short of honest entries", bad, 0,
              "rows and columns with fewer honest entries than rank + 3, or than chance allows: their part of the answer is a "
              "guess"));
  const Svd svd = singular(fit.X);
  for (Check& each : direction_checks(svd)) add(std::move(each));
  const double edge = fit.scale * table.edge() / std::sqrt(table.share() * std::max(honest, 0.1));
  const double over = r > 0 && edge > 0 ? svd.s(r - 1) / edge : 0;
  add(at_least("the last direction stands above the noise", over, least_over_edge,
               "the smallest singular value over the largest that noise of this size makes"));
  const double structure = structure_left(table, fit.X, cut);
  add(at_most("no structure is left", structure, most_structure,
              "the largest singular value of the honest residuals over the largest of noise of their size"));
  const double beside = fit.scale * normal_median / table.scale;
  add(at_most("noise is small beside the table", beside, most_noise, "the noise scale over that of the table"));
  const double error =
      fit.scale * std::sqrt(freedom / std::max(honest * count, 1.0)) / std::max(fitted_rms(table, fit.X), 1e-300);
  add(at_most("the noise leaves a small error", error, most_error, "the relative error that noise of this size leads to"));
  evidence.passed = r > 0 && all_passed(evidence.checks);
  return evidence;
}

}  // namespace gossan::robust_pca
