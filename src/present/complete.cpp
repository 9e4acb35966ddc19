#include "gossan/complete.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "present/account.hpp"
#include "present/charts.hpp"
#include "present/entries.hpp"
#include "present/flags_map.hpp"

namespace gossan {
namespace {

// Estimates came out up to a fifth short on planted ratings, and long on real ones (docs/complete.md).
double bad_share_at_most(const Completed& completed) {
  constexpr double margin = 1.25, offset = 0.02;
  if (std::isnan(completed.random_share)) return completed.random_share;
  return std::min(1.0, margin * (completed.random_share + completed.reversed_share) + offset);
}

Chart scaled_residuals_chart(const Completed& completed) {
  std::vector<double> standardised = completed.residuals;
  const double scale = std::max(completed.training_error, std::numeric_limits<double>::min());
  for (double& each : standardised) each /= scale;
  Chart chart = residual_chart(standardised, completed.outliers, 0);
  chart.x_label = "residual, in units of their root mean square";
  chart.y_label = "entries";
  chart.text = fmt::format("Root mean square residual {:.4g}; {:.2f} % of the entries are flagged.", completed.training_error,
                           100 * completed.outlier_fraction);
  return chart;
}

// Rows and columns in the order of their ids.
HeatMap flags_by_place(const RatedEntries& entries) {
  const Ratings& ratings = entries.ratings;
  FlagsMap map(ratings.rows, ratings.cols);
  for (std::size_t e = 0; e < ratings.value.size(); ++e) map.see(ratings.i[e], ratings.j[e], entries.flags.outliers[e]);
  return map.map();
}

std::ptrdiff_t disagreeing_rows(const Completed& completed) {
  return std::count(completed.flagged_rows.begin(), completed.flagged_rows.end(), true);
}

Account complete_account(const CompleteRun& run) {
  const Completed& completed = run.completed;
  Account account{
      .recovery = "complete",
      .found = {{{"rows", completed.rows}, {"cols", completed.cols}, {"entries", run.entries.ratings.value.size()}}},
      .status = completed.status,
      .rank = completed.rank,
      .outlier_fraction = completed.outlier_fraction,
      .noise_scale = completed.noise_scale,
      .holdout = {{"share", run.options.holdout}, {"error", completed.holdout_error}, {"bias_error", completed.bias_error}},
      .iterations = completed.iterations,
      .sweeps = completed.sweeps,
      .seed = run.options.seed,
      .choices = completed.choices};
  account.choices.emplace_back("method", completed.method);
  account.choices.emplace_back("format", run.format);
  Json& details = account.details;
  details["outlier_cut"] = completed.outlier_cut;
  details["training_error"] = completed.training_error;
  details["coverage"] = completed.holdout_coverage;
  details["random_share"] = completed.random_share;
  details["reversed_share"] = completed.reversed_share;
  details["bad_share_at_most"] = bad_share_at_most(completed);
  details["flagged_rows"] = disagreeing_rows(completed);
  details["repeated"] = run.repeated;
  details["strengths"] = std::vector<double>(completed.strengths.begin(), completed.strengths.end());
  if (run.test) details["test"] = test_json(*run.test);
  if (run.relative_error) details["relative_error"] = *run.relative_error;
  return account;
}

Facts complete_facts(const CompleteRun& run) {
  const Completed& completed = run.completed;
  Facts list = {
      {"matrix", fmt::format("{} x {} from {} entries", grouped(completed.rows), grouped(completed.cols),
                             grouped(std::ssize(run.entries.ratings.value)))},
      {"method", completed.method},
      {"rank", fmt::format("{}", completed.rank)},
      {"held out", fmt::format("error {:.4g}; of row and column means {:.4g}", completed.holdout_error, completed.bias_error)}};
  add_repeated_fact(list, run.repeated);
  if (!std::isnan(completed.random_share))
    list.emplace_back("bad ratings", fmt::format("at most {:.0f} %: about {:.0f} % random or erratic, {:.0f} % reversed",
                                                 100 * bad_share_at_most(completed), 100 * completed.random_share,
                                                 100 * completed.reversed_share));
  list.emplace_back(
      "flagged", fmt::format("{:.2f} % of the entries, {} rows", 100 * completed.outlier_fraction, disagreeing_rows(completed)));
  add_test_fact(list, run.test);
  if (run.relative_error) list.emplace_back("truth", fmt::format("relative error {:.3g}", *run.relative_error));
  return list;
}

}  // namespace

Presentation present(const CompleteRun& run, const RunRecord& record) {
  const Completed& completed = run.completed;
  Report page{.title = fmt::format("{} x {} matrix from {} entries", grouped(completed.rows), grouped(completed.cols),
                                   grouped(std::ssize(run.entries.ratings.value))),
              .subtitle = fmt::format("{}, {} components, {:.1f} % of the entries flagged", completed.method, completed.rank,
                                      100 * completed.outlier_fraction),
              .evidence = completed.evidence,
              .facts = complete_facts(run)};
  Chart strengths = singular_value_chart(completed.strengths, completed.rank);
  strengths.title = "Strength of the components";
  page.charts = {convergence_chart(completed.history), strengths, scaled_residuals_chart(completed)};
  page.heat_maps = {flags_by_place(run.entries)};
  page.tables = {worst_rows(run.entries), worst_cols(run.entries)};
  return presentation(complete_account(run), record, std::move(page));
}

}  // namespace gossan
