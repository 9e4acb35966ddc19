#include "rpca_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "charts.hpp"
#include "flags_map.hpp"

namespace gossan::cli {
namespace {

using TextTable = std::pair<std::string, std::vector<std::vector<std::string>>>;

// Calls body(i, row, x) for every row of the table, x the same row of L R^T.
template <class Body>
void each_fitted_row(const TableRows& table, const Decomposed& found, Body body) {
  Vector x(table.cols);
  each_row(table, [&](Index i, const double* row) {
    x.noalias() = found.R * found.L.row(i).transpose();
    body(i, row, x);
  });
}

FlagTally tally(const RpcaRun& run, bool by_row) {
  const auto size = static_cast<std::size_t>(by_row ? run.table.rows : run.table.cols);
  FlagTally counts{std::vector<Index>(size), std::vector<Index>(size)};
  each_row(run.table, [&](Index i, const double* row) {
    for (Index j = 0; j < run.table.cols; ++j) {
      const auto at = static_cast<std::size_t>(by_row ? i : j);
      if (std::isnan(row[static_cast<std::size_t>(j)])) continue;
      ++counts.observed[at];
      counts.flagged[at] += run.found.outliers[static_cast<std::size_t>(i * run.table.cols + j)] ? 1 : 0;
    }
  });
  return counts;
}

double share_flagged(const FlagTally& counts, std::size_t at) {
  return counts.observed[at] > 0 ? static_cast<double>(counts.flagged[at]) / static_cast<double>(counts.observed[at])
                                 : std::numeric_limits<double>::quiet_NaN();
}

std::vector<std::size_t> worst_first(const FlagTally& counts) {
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < counts.observed.size(); ++at)
    if (counts.observed[at] > 0) order.push_back(at);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return share_flagged(counts, a) > share_flagged(counts, b); });
  return order;
}

Chart flags_chart(const FlagTally& counts, const std::string& what) {
  Chart chart;
  chart.kind = Chart::Kind::lines;
  chart.title = fmt::format("Flagged share of every {}", what);
  chart.x_label = what;
  chart.y_label = "share of observed entries, %";
  Curve curve{.name = "flagged"};
  for (std::size_t at = 0; at < counts.observed.size(); ++at) {
    curve.x.push_back(static_cast<double>(at));
    curve.y.push_back(100 * share_flagged(counts, at));
  }
  chart.curves.push_back(std::move(curve));
  const std::vector<std::size_t> order = worst_first(counts);
  if (!order.empty())
    chart.text = fmt::format("Half of them have {:.1f} % or more flagged, number {} the most, {:.1f} %.",
                             100 * share_flagged(counts, order[order.size() / 2]), order.front(),
                             100 * share_flagged(counts, order.front()));
  return chart;
}

TextTable worst_table(const FlagTally& counts, const std::string& what) {
  constexpr std::size_t most = 10;
  TextTable table{fmt::format("{}s with the largest flagged share", what), {{what, "observed", "flagged", "share"}}};
  const std::vector<std::size_t> order = worst_first(counts);
  for (std::size_t k = 0; k < std::min(most, order.size()); ++k) {
    const std::size_t at = order[k];
    table.second.push_back({fmt::format("{}", at), grouped(counts.observed[at]), grouped(counts.flagged[at]),
                            fmt::format("{:.1f} %", 100 * share_flagged(counts, at))});
  }
  return table;
}

// Residuals over the noise, or over a third of the cut where there is none.
Chart entries_chart(const RpcaRun& run) {
  constexpr Index most = 200000;  // entries shown: beyond, every k-th row
  const double unit = run.found.noise_scale > 0 ? run.found.noise_scale : std::max(run.found.outlier_cut / 3, 1e-300);
  const Index step = std::max<Index>(1, run.table.rows * run.table.cols / most);
  std::vector<double> residuals;
  std::vector<bool> flagged;
  each_fitted_row(run.table, run.found, [&](Index i, const double* row, const Vector& x) {
    if (i % step != 0) return;
    for (Index j = 0; j < run.table.cols; ++j) {
      const double y = row[static_cast<std::size_t>(j)];
      if (std::isnan(y)) continue;
      residuals.push_back((x(j) - y) / unit);
      flagged.push_back(run.found.outliers[static_cast<std::size_t>(i * run.table.cols + j)]);
    }
  });
  Chart chart = residual_chart(residuals, flagged, run.found.outlier_cut / unit);
  chart.y_label = "entries";
  if (run.found.noise_scale == 0) chart.x_label = "residual, in thirds of the cut";
  return chart;
}

HeatMap map_of_flags(const RpcaRun& run) {
  FlagsMap map(run.table.rows, run.table.cols);
  each_row(run.table, [&](Index i, const double* row) {
    for (Index j = 0; j < run.table.cols; ++j)
      if (!std::isnan(row[j])) map.see(i, j, run.found.outliers[static_cast<std::size_t>(i * run.table.cols + j)]);
  });
  return map.map();
}

std::string listed(const std::vector<Index>& numbers) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t k = 0; k < std::min(most, numbers.size()); ++k) text += fmt::format("{}{}", k > 0 ? ", " : "", numbers[k]);
  if (numbers.size() > most) text += fmt::format(" and {} more", numbers.size() - most);
  return text;
}

}  // namespace

FlagTally tally_rows(const RpcaRun& run) { return tally(run, true); }
FlagTally tally_cols(const RpcaRun& run) { return tally(run, false); }

TableTruth compare_with_truth(const Matrix& truth, const TableRows& table, const Decomposed& found) {
  TableTruth report;
  std::vector<double> error;
  std::vector<bool> flagged;
  double squares = 0;
  each_fitted_row(table, found, [&](Index i, const double* row, const Vector& x) {
    squares += (x.transpose() - truth.row(i)).squaredNorm();
    for (Index j = 0; j < table.cols; ++j) {
      const double y = row[static_cast<std::size_t>(j)];
      if (std::isnan(y)) continue;
      error.push_back(y - truth(i, j));
      flagged.push_back(found.outliers[static_cast<std::size_t>(i * table.cols + j)]);
    }
  });
  report.relative_error = std::sqrt(squares) / truth.norm();
  report.flags = flag_rates(error, flagged, 1e-9 * truth.cwiseAbs().maxCoeff());
  return report;
}

std::vector<std::pair<std::string, std::string>> rpca_facts(const RpcaRun& run) {
  const Decomposed& found = run.found;
  const double entries = static_cast<double>(run.table.rows) * static_cast<double>(run.table.cols);
  std::vector<std::pair<std::string, std::string>> list = {
      {"table", fmt::format("{} x {}, {:.4g} % of it observed", run.table.rows, run.table.cols,
                            100 * static_cast<double>(found.observed) / entries)},
      {"rank", fmt::format("{}", found.rank)},
      {"noise",
       found.noise_scale > 0 ? fmt::format("{:.4g}", found.noise_scale) : std::string("none: honest entries are met exactly")},
      {"flagged", fmt::format("{:.2f} % of the observed entries, those off by more than {:.3g}", 100 * found.outlier_fraction,
                              found.outlier_cut)},
  };
  if (!found.unseen_rows.empty()) list.emplace_back("unseen rows", listed(found.unseen_rows));
  if (!found.unseen_cols.empty()) list.emplace_back("unseen columns", listed(found.unseen_cols));
  if (!found.doubtful_rows.empty()) list.emplace_back("doubtful rows", listed(found.doubtful_rows));
  if (!found.doubtful_cols.empty()) list.emplace_back("doubtful columns", listed(found.doubtful_cols));
  list.emplace_back("held out",
                    fmt::format("median residual {:.4g}, {:.4g} of the fitted", found.holdout_median, found.training_median));
  list.emplace_back("run", to_string(found.status));
  if (run.truth) list.emplace_back("truth", fmt::format("relative error {:.3g}", run.truth->relative_error));
  return list;
}

Report rpca_report(const RpcaRun& run, const Summary& summary) {
  Report report;
  report.title = fmt::format("{} x {} table of {} entries", run.table.rows, run.table.cols, grouped(run.found.observed));
  report.subtitle = fmt::format("rank {}, {:.1f} % of the entries flagged", run.found.rank, 100 * run.found.outlier_fraction);
  report.evidence = run.found.evidence;
  report.facts = rpca_facts(run);
  const FlagTally rows = tally_rows(run), cols = tally_cols(run);
  report.charts = {singular_value_chart(run.found.singular_values, run.found.rank), entries_chart(run), flags_chart(rows, "row"),
                   flags_chart(cols, "column"), convergence_chart(run.found.history)};
  report.heat_maps = {map_of_flags(run)};
  report.tables = {worst_table(rows, "Row"), worst_table(cols, "Column")};
  report.choices = summary.choices;
  for (const FieldView& field : summary.options) report.choices.emplace_back("--" + field.name, field.value);
  return report;
}

std::map<std::string, Array> sparse_part(const RpcaRun& run) {
  std::vector<double> row, col, value;
  each_fitted_row(run.table, run.found, [&](Index i, const double* y, const Vector& x) {
    for (Index j = 0; j < run.table.cols; ++j) {
      if (!run.found.outliers[static_cast<std::size_t>(i * run.table.cols + j)]) continue;
      row.push_back(static_cast<double>(i));
      col.push_back(static_cast<double>(j));
      value.push_back(y[static_cast<std::size_t>(j)] - x(j));
    }
  });
  const auto count = static_cast<Index>(value.size());
  std::map<std::string, Array> arrays;
  arrays["row"] = {{count}, std::move(row), "<f8"};
  arrays["col"] = {{count}, std::move(col), "<f8"};
  arrays["value"] = {{count}, std::move(value), "<f8"};
  arrays["shape"] = {{2}, {static_cast<double>(run.table.rows), static_cast<double>(run.table.cols)}, "<f8"};
  return arrays;
}

}  // namespace gossan::cli
