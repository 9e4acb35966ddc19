#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "charts.hpp"
#include "complete_output.hpp"
#include "flags_map.hpp"

namespace gossan::cli {
namespace {

ReportTable worst_side(const CompleteRun& run, const std::string& title, const IdTable& ids, const std::vector<Index>& own) {
  Vector entries = Vector::Zero(ids.count()), flagged = entries, square = entries;
  for (std::size_t e = 0; e < own.size(); ++e) {
    entries(own[e]) += 1;
    flagged(own[e]) += run.flags.outliers[e] ? 1 : 0;
    square(own[e]) += run.flags.residuals[e] * run.flags.residuals[e];
  }
  constexpr double fewest = 5;
  constexpr std::size_t shown = 10;
  std::vector<Index> order;
  for (Index a = 0; a < ids.count(); ++a) {
    if (entries(a) >= fewest) order.push_back(a);
  }
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    const double left = flagged(a) / entries(a), right = flagged(b) / entries(b);
    return left != right ? left > right : square(a) / entries(a) > square(b) / entries(b);
  });
  order.resize(std::min(order.size(), shown));
  ReportTable table{title, {{"id", "entries", "flagged", "root mean square residual"}}};
  for (const Index a : order)
    table.second.push_back({ids.name(a), grouped(static_cast<Index>(entries(a))),
                            fmt::format("{:.0f} %", 100 * flagged(a) / entries(a)),
                            fmt::format("{:.3g}", std::sqrt(square(a) / entries(a)))});
  return table;
}

Chart residuals(const Completed& completed) {
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
HeatMap flags_by_place(const CompleteRun& run) {
  const Ratings& entries = run.data.ratings;
  FlagsMap map(entries.rows, entries.cols);
  for (std::size_t e = 0; e < entries.value.size(); ++e) map.see(entries.i[e], entries.j[e], run.flags.outliers[e]);
  return map.map();
}

}  // namespace

ReportTable worst_rows(const CompleteRun& run) {
  return worst_side(run, "Rows with the largest share of flagged entries", run.data.row_ids, run.data.ratings.i);
}

ReportTable worst_cols(const CompleteRun& run) {
  return worst_side(run, "Columns with the largest share of flagged entries", run.data.col_ids, run.data.ratings.j);
}

Report complete_report(const CompleteRun& run, const Completed& completed, const Summary& summary) {
  Report report;
  report.title = fmt::format("{} x {} matrix from {} entries", grouped(completed.rows), grouped(completed.cols),
                             grouped(static_cast<Index>(run.data.ratings.value.size())));
  report.subtitle = fmt::format("{}, {} components, {:.1f} % of the entries flagged", completed.method, completed.rank,
                                100 * completed.outlier_fraction);
  report.evidence = completed.evidence;
  Chart strengths = singular_value_chart(completed.strengths, completed.rank);
  strengths.title = "Strength of the components";
  report.charts = {convergence_chart(completed.history), strengths, residuals(completed)};
  report.heat_maps = {flags_by_place(run)};
  report.tables = {worst_rows(run), worst_cols(run)};
  report.choices = summary.choices;
  for (const FieldView& field : summary.options) report.choices.emplace_back("--" + field.name, field.value);
  return report;
}

}  // namespace gossan::cli
