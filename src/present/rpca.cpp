#include "gossan/rpca.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/frames.hpp"
#include "gossan/io.hpp"
#include "present/account.hpp"
#include "present/charts.hpp"
#include "present/filmstrip.hpp"
#include "present/flags_map.hpp"
#include "present/tally.hpp"

namespace gossan {
namespace {

bool is_flagged(const RpcaRun& run, Index i, Index j) {
  return run.found.outliers[static_cast<std::size_t>(i * run.table.cols + j)];
}

// Calls body(i, row, x) for every row of the table, x the same row of L R^T.
template <class Body>
void each_fitted_row(const RpcaRun& run, Body body) {
  Vector x(run.table.cols);
  each_row(run.table, [&](Index i, const double* row) {
    x.noalias() = run.found.R * run.found.L.row(i).transpose();
    body(i, row, x);
  });
}

// Where the flags sit, in one pass over the table.
struct TableFlags {
  FlagTally rows, cols;
  FlagsMap map;
};

TableFlags table_flags(const RpcaRun& run) {
  TableFlags flags{FlagTally(run.table.rows), FlagTally(run.table.cols), FlagsMap(run.table.rows, run.table.cols)};
  each_row(run.table, [&](Index i, const double* row) {
    for (Index j = 0; j < run.table.cols; ++j) {
      if (std::isnan(row[j])) continue;
      const bool flagged = is_flagged(run, i, j);
      flags.rows.add(i, flagged);
      flags.cols.add(j, flagged);
      flags.map.see(i, j, flagged);
    }
  });
  return flags;
}

Chart flags_chart(const FlagTally& tally, const std::string& what) {
  Chart chart;
  chart.kind = Chart::Kind::lines;
  chart.title = fmt::format("Flagged share of every {}", what);
  chart.x_label = what;
  chart.y_label = "share of observed entries, %";
  Curve curve{.name = "flagged"};
  for (Index at = 0; at < tally.count(); ++at) {
    curve.x.push_back(static_cast<double>(at));
    curve.y.push_back(100 * tally.share(at));
  }
  chart.curves.push_back(std::move(curve));
  const std::vector<Index> order = tally.most_flagged(tally.count());
  if (!order.empty())
    chart.text = fmt::format("Half of them have {:.1f} % or more flagged, number {} the most, {:.1f} %.",
                             100 * tally.share(order[order.size() / 2]), order.front(), 100 * tally.share(order.front()));
  return chart;
}

TextTable most_flagged_table(const FlagTally& tally, const std::string& what) {
  TextTable table{fmt::format("{}s with the largest flagged share", what), {{what, "observed", "flagged", "share"}}};
  for (const Index at : tally.most_flagged(10))
    table.second.push_back({fmt::format("{}", at), grouped(tally.seen_at(at)), grouped(tally.flagged_at(at)),
                            fmt::format("{:.1f} %", 100 * tally.share(at))});
  return table;
}

// Residuals over the noise, or over a third of the cut where there is none.
Chart entries_chart(const RpcaRun& run) {
  constexpr Index most = 200000;  // entries shown: beyond, every k-th row
  const double unit = run.found.noise_scale > 0 ? run.found.noise_scale : std::max(run.found.outlier_cut / 3, 1e-300);
  const Index step = std::max<Index>(1, run.table.rows * run.table.cols / most);
  std::vector<double> residuals;
  std::vector<bool> flagged;
  each_fitted_row(run, [&](Index i, const double* row, const Vector& x) {
    if (i % step != 0) return;
    for (Index j = 0; j < run.table.cols; ++j) {
      if (std::isnan(row[j])) continue;
      residuals.push_back((x(j) - row[j]) / unit);
      flagged.push_back(is_flagged(run, i, j));
    }
  });
  Chart chart = residual_chart(residuals, flagged, run.found.outlier_cut / unit);
  chart.y_label = "entries";
  if (run.found.noise_scale == 0) chart.x_label = "residual, in thirds of the cut";
  return chart;
}

std::string listed(const std::vector<Index>& numbers) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t k = 0; k < std::min(most, numbers.size()); ++k) text += fmt::format("{}{}", k > 0 ? ", " : "", numbers[k]);
  if (numbers.size() > most) text += fmt::format(" and {} more", numbers.size() - most);
  return text;
}

Facts rpca_facts(const RpcaRun& run) {
  const Decomposed& found = run.found;
  const double entries = static_cast<double>(run.table.rows) * static_cast<double>(run.table.cols);
  Facts list = {
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
  if (run.compared) list.emplace_back("truth", fmt::format("relative error {:.3g}", run.compared->relative_error));
  return list;
}

Account rpca_account(const RpcaRun& run, const RunRecord& record) {
  const Decomposed& found = run.found;
  const RpcaCost cost = rpca_cost(run.table.rows, run.table.cols, run.options.method);
  Account account{.recovery = "rpca",
                  .found = {{{"rows", run.table.rows}, {"cols", run.table.cols}}},
                  .status = found.status,
                  .rank = found.rank,
                  .outlier_fraction = found.outlier_fraction,
                  .noise_scale = found.noise_scale,
                  .holdout = {{"share", run.options.holdout},
                              {"median_residual", found.holdout_median},
                              {"training_median_residual", found.training_median}},
                  .iterations = std::ssize(found.history),
                  .sweeps = found.sweeps,
                  .seed = run.options.seed,
                  .choices = found.choices};
  Json& details = account.details;
  details["outlier_size"] = found.outlier_cut;
  details["observed"] = found.observed;
  details["unseen_rows"] = found.unseen_rows;
  details["unseen_cols"] = found.unseen_cols;
  details["doubtful_rows"] = found.doubtful_rows;
  details["doubtful_cols"] = found.doubtful_cols;
  details["preflight"] = {
      {"data_bytes", run.held_bytes}, {"workspace_bytes", cost.workspace}, {"expected_seconds", cost.seconds}};
  details["recovery_seconds"] = record.recovery_seconds;
  if (run.compared) details["truth"] = errors_json(*run.compared);
  if (run.frames != nullptr)
    details["frames"] = {{"width", run.frames->frames.width},       {"height", run.frames->frames.height},
                         {"channels", run.frames->frames.channels}, {"count", run.frames->frames.count},
                         {"codec", run.frames->source.codec},       {"notice", run.frames->source.notice}};
  return account;
}

}  // namespace

Presentation present(const RpcaRun& run, const RunRecord& record) {
  const Decomposed& found = run.found;
  Report page{.title = fmt::format("{} x {} table of {} entries", run.table.rows, run.table.cols, grouped(found.observed)),
              .subtitle = fmt::format("rank {}, {:.1f} % of the entries flagged", found.rank, 100 * found.outlier_fraction),
              .evidence = found.evidence,
              .facts = rpca_facts(run)};
  if (run.frames != nullptr) page.filmstrips.push_back(filmstrip(run.frames->frames, found));
  const TableFlags flags = table_flags(run);
  page.charts = {singular_value_chart(found.singular_values, found.rank), entries_chart(run), flags_chart(flags.rows, "row"),
                 flags_chart(flags.cols, "column"), convergence_chart(found.history)};
  page.heat_maps = {flags.map.map()};
  page.tables = {most_flagged_table(flags.rows, "Row"), most_flagged_table(flags.cols, "Column")};
  return presentation(rpca_account(run, record), record, std::move(page));
}

std::map<std::string, Array> sparse_part(const RpcaRun& run) {
  std::vector<double> row, col, value;
  each_fitted_row(run, [&](Index i, const double* y, const Vector& x) {
    for (Index j = 0; j < run.table.cols; ++j) {
      if (!is_flagged(run, i, j)) continue;
      row.push_back(static_cast<double>(i));
      col.push_back(static_cast<double>(j));
      value.push_back(y[j] - x(j));
    }
  });
  const auto count = std::ssize(value);
  std::map<std::string, Array> arrays;
  arrays["row"] = {{count}, std::move(row), "<f8"};
  arrays["col"] = {{count}, std::move(col), "<f8"};
  arrays["value"] = {{count}, std::move(value), "<f8"};
  arrays["shape"] = {{2}, {static_cast<double>(run.table.rows), static_cast<double>(run.table.cols)}, "<f8"};
  return arrays;
}

}  // namespace gossan
