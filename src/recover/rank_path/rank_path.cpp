// A low rank and a mask for tables of real measurements. Steps:
//   1  some thousand rows at random, 5 % of their entries held out;
//   2  on them: one direction more, Huber sweeps, and again while the held-out scale falls by 5 % (search.hpp);
//   3  all rows, block by block: L from the columns' factor by least squares and Huber weights, then Huber sweeps over both;
//   4  trimmed sweeps, |e| <= 3 s: one-sided outliers no longer draw the fit;
//   5  the mask |e| > 3 s.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "gossan/rpca.hpp"
#include "recover/rank_path/all_rows.hpp"
#include "recover/rank_path/search.hpp"
#include "recover/rank_path/weigh.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/shared/checkpoint_file.hpp"
#include "recover/shared/freedom.hpp"
#include "recover/shared/holdout.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/scales.hpp"

namespace gossan {
namespace rank_paths {
namespace {

constexpr Index most_rank_found = 30;

Index most_rank_of(const TableRows& Y, const RpcaOptions& options) {
  const Index side = std::min(Y.rows, Y.cols);
  const Index most = std::clamp<Index>(side / 4, 1, most_rank_found);
  return options.rank > 0 ? std::min(options.rank, side) : most;
}

// The standard deviation of honest entries, from those within three of it; by the median of all where that is less, since
// residuals of real data have tails that are no noise.
double noise_of(const std::vector<double>& sizes, const Observed& seen, Index rank) {
  const auto rows = static_cast<Index>(seen.rows.size()), cols = static_cast<Index>(seen.cols.size());
  const double fitted = fitted_share(static_cast<double>(degrees_of_freedom(rank, rows, cols)), static_cast<double>(seen.total));
  const double resting = resting_scale(sizes, fitted * static_cast<double>(sizes.size())).scale;
  return std::min(resting, median_scale(sizes) / std::sqrt(1 - fitted));
}

void fit_all(const TableRows& Y, const RankFit& sampled, double widest, const Observed& seen, std::uint64_t seed,
             robust_pca::Course& course, Decomposed& answer) {
  HuberSweeps sweeps(Y, sampled.R, sampled.training, widest, seed);
  sweep(sweeps, "all rows", 2, 5, course);
  sweeps.weigh_by(Weights::trimmed);
  if (!course.stopped()) sweep(sweeps, "honest entries", 2, 6, course);
  answer.L = sweeps.L();
  answer.R = sweeps.R();
  answer.noise_scale = noise_of(sweeps.sampled_sizes(), seen, sampled.rank());
}

void balance(Decomposed& answer) {
  const Svd X = product_svd(answer.L, answer.R);
  robust_pca::TableFactors factors = robust_pca::balanced(X, X.s.size());
  answer.L = std::move(factors.L);
  answer.R = std::move(factors.R);
  answer.singular_values = X.s;
}

std::vector<Index> where_none(const std::vector<Index>& counts) {
  return where(std::ssize(counts), [&](Index i) { return counts[static_cast<std::size_t>(i)] == 0; });
}

// Rows or columns of whose entries most are flagged.
std::vector<Index> where_most(const std::vector<Index>& flagged, const std::vector<Index>& observed) {
  return where(std::ssize(observed), [&](Index i) {
    const auto at = static_cast<std::size_t>(i);
    return observed[at] > 0 && 2 * flagged[at] > observed[at];
  });
}

Decomposed recovered(const TableRows& Y, const RpcaOptions& options, const Watch& watch) {
  if (Y.rows < 1 || Y.cols < 1 || !Y.read)
    throw std::invalid_argument(fmt::format("rpca: table is {} x {}, expected at least 1 x 1 and a reader", Y.rows, Y.cols));
  Decomposed answer;
  answer.row_unit = Vector::Ones(Y.rows);
  answer.col_unit = Vector::Ones(Y.cols);
  const Observed seen = count_observed(Y);
  answer.observed = seen.total;
  answer.unseen_rows = where_none(seen.rows);
  answer.unseen_cols = where_none(seen.cols);

  robust_pca::Course course(watch, answer.history);
  const RowSample sample = sample_rows(Y, options.holdout, options.seed);
  const RankSearch search = search_rank(sample, most_rank_of(Y, options), options.seed, course);
  answer.rank = search.chosen.rank();
  answer.holdout_median = normal_median * search.chosen.held_out;
  answer.training_median = normal_median * search.chosen.training;
  if (answer.rank > 0) {
    fit_all(Y, search.chosen, search.tried.front().training, seen, options.seed, course, answer);
    balance(answer);
  } else {
    answer.L = Matrix(Y.rows, 0);
    answer.R = Matrix(Y.cols, 0);
    answer.noise_scale = search.chosen.training;
  }

  // Of exact data the scale is rounding, which flags nothing.
  constexpr double rounding_cut = 1e-9;  // of the size of the entries
  answer.outlier_cut = std::max(trimmed_clip * answer.noise_scale, rounding_cut * search.tried.front().held_out);
  Flagged flagged = flag(Y, answer.L, answer.R, answer.outlier_cut);
  answer.outliers = std::move(flagged.outliers);
  answer.outlier_fraction = static_cast<double>(flagged.total) / static_cast<double>(std::max<Index>(seen.total, 1));
  answer.doubtful_rows = where_most(flagged.rows, seen.rows);
  answer.doubtful_cols = where_most(flagged.cols, seen.cols);
  answer.status = course.status();
  answer.sweeps = course.sweeps;
  answer.choices.emplace_back("method", "rank-path");
  answer.choices.emplace_back("rows sampled", fmt::format("{}", sample.Y.rows()));
  for (const RankFit& fit : search.tried)
    answer.choices.emplace_back(fmt::format("held-out scale at rank {}", fit.rank()), fmt::format("{:.4g}", fit.held_out));
  answer.evidence = weigh(answer, search, sample);
  return answer;
}

}  // namespace
}  // namespace rank_paths

double rank_path_workspace(Index rows, Index cols, Index rank) {
  const double m = static_cast<double>(rows), n = static_cast<double>(cols), r = static_cast<double>(rank);
  const double sample = 2.1 * static_cast<double>(rank_paths::sampled_rows(rows, cols)) * n;  // with its residual
  const double factors = 4 * (m + n) * r;                     // before and after a step, and for observers
  const double strips = 32 * n * (r * (r + 3) / 2 + 4 * 64);  // sums by column, and blocks of 64 rows
  return 8 * (sample + factors + strips) + m * n / 8;
}

Decomposed rank_path(const TableRows& Y, const RpcaOptions& options, const Watch& watch) {
  check(RpcaOptions(options).fields(), "rank_path");
  refuse_checkpoints(watch, "rank_path");
  return rank_paths::recovered(Y, options, watch);
}

}  // namespace gossan
