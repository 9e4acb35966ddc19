#include "gossan/sense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/operators.hpp"
#include "gossan/trajectory.hpp"
#include "present/account.hpp"
#include "present/charts.hpp"

namespace gossan {
namespace {

// A number that is not finite is null.
Json trajectory_json(const Trajectory& trajectory, bool with_truth) {
  Json json = {{"warnings", trajectory.warnings}, {"plateaus", Json::array()}};
  for (const Plateau& each : trajectory.plateaus)
    json["plateaus"].push_back({{"from", each.from}, {"to", each.to}, {"objective", each.f}});
  if (trajectory.budget) {
    const Budget& way = *trajectory.budget;
    json["budget"] = {{"whole", way.whole}, {"travelled", way.travelled}, {"needed", way.needed}};
  }
  if (with_truth) {
    json["emergence"] = Json::array();
    for (const auto& step : trajectory.emergence) json["emergence"].push_back(step ? Json(*step) : Json());
  }
  return json;
}

std::string sensed_title(const Operator& A) {
  return fmt::format("{} x {} matrix from {} measurements", A.rows(), A.cols(), grouped(A.measurements()));
}

Facts sense_facts(const SenseRun& run) {
  const Sensed& sensed = run.sensed;
  Facts list = {
      {"matrix", fmt::format("{} x {} from {} measurements", run.A.rows(), run.A.cols(), grouped(run.A.measurements()))},
      {"rank", fmt::format("{}", sensed.rank)},
      {"noise", fmt::format("{:.4g}", sensed.noise_scale)},
      {"flagged", fmt::format("{:.2f} % of the measurements", 100 * sensed.outlier_fraction)},
  };
  if (sensed.holdout_median > 0)
    list.emplace_back("held out",
                      fmt::format("median residual {:.4g}, {:.4g} of the fitted", sensed.holdout_median, sensed.training_median));
  for (const std::string& warning : sensed.trajectory.warnings) list.emplace_back("warning", warning);
  list.emplace_back("run", fmt::format("{}: {}", to_string(sensed.result.status), sensed.result.message));
  if (sensed.expected_error > 0)
    list.insert(list.begin() + 2, {"error", fmt::format("about {:.2g} of the matrix, by the noise", sensed.expected_error)});
  if (run.compared) list.emplace_back("truth", fmt::format("relative error {:.3g}", run.compared->relative_error));
  return list;
}

double unit_of_residuals(const Sensed& sensed) { return std::max(sensed.noise_scale, std::numeric_limits<double>::min()); }

Account sense_account(const SenseRun& run, const RunRecord& record) {
  const Sensed& sensed = run.sensed;
  Account account{.recovery = "sense",
                  .found = {{{"rows", run.A.rows()}, {"cols", run.A.cols()}}, {{"measurements", run.A.measurements()}}},
                  .status = sensed.result.status,
                  .rank = sensed.rank,
                  .outlier_fraction = sensed.outlier_fraction,
                  .noise_scale = sensed.noise_scale,
                  .holdout = {{"share", run.options.holdout},
                              {"median_residual", sensed.holdout_median},
                              {"training_median_residual", sensed.training_median}},
                  .iterations = sensed.result.iterations,
                  .sweeps = sensed.sweeps,
                  .seed = run.options.seed,
                  .choices = sensed.choices,
                  .settings = run.options.settings};
  account.choices.emplace_back("operator", run.operator_name);
  if (!run.storage.empty()) account.choices.emplace_back("storage", run.storage);
  Json& details = account.details;
  details["outlier_cut"] = sensed.outlier_cut / unit_of_residuals(sensed);
  details["objective"] = sensed.result.f;
  if (!std::isnan(sensed.expected_error)) details["expected_error"] = sensed.expected_error;
  details["search_rank"] = sensed.search_rank;
  const bool has_tail = sensed.rank < sensed.singular_values.size();
  details["tail"] = has_tail ? sensed.singular_values(sensed.rank) : 0.0;
  details["run_message"] = sensed.result.message;
  details["recovery_seconds"] = record.recovery_seconds;
  if (!sensed.trajectory.trace.panels.empty())
    details["trajectory"] = trajectory_json(sensed.trajectory, run.compared.has_value());
  if (run.compared) details["truth"] = errors_json(*run.compared);
  return account;
}

}  // namespace

Presentation present(const SenseRun& run, const RunRecord& record) {
  const Sensed& sensed = run.sensed;
  Report page{
      .title = sensed_title(run.A),
      .subtitle = fmt::format("rank {}, {:.1f} % of the measurements flagged", sensed.rank, 100 * sensed.outlier_fraction),
      .evidence = sensed.evidence,
      .facts = sense_facts(run)};
  const double scale = unit_of_residuals(sensed);
  std::vector<double> standardised = sensed.residuals;
  for (double& each : standardised) each /= scale;
  page.charts = {convergence_chart(sensed.history), singular_value_chart(sensed.singular_values, sensed.rank),
                 residual_chart(standardised, sensed.outliers, sensed.outlier_cut / scale)};
  const std::vector<Chart> on_its_way = trajectory_charts(sensed.history, sensed.trajectory.trace);
  page.charts.insert(page.charts.begin() + 1, on_its_way.begin(), on_its_way.end());
  return presentation(sense_account(run, record), record, std::move(page));
}

}  // namespace gossan
