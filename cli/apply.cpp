// gossan apply model.npz new: rows that the model has not seen.
#include "gossan/apply.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "common.hpp"
#include "csv_text.hpp"
#include "gossan/io.hpp"
#include "gossan/linalg.hpp"
#include "gossan/report.hpp"
#include "parser.hpp"
#include "run_folder.hpp"
#include "session.hpp"
#include "summary.hpp"
#include "table_file.hpp"
#include "text.hpp"

namespace gossan::cli {
namespace {

constexpr const char* apply_help =
    "Scores new rows by a model that `gossan rpca` wrote: fits each row robustly to it, flags its outliers and fills its holes. "
    "Reads .npy, .npz, .csv, .mtx (what has no entry is missing) or .mat with the columns of the table that was fitted.\n"
    "Writes coefficients.npy, filled.npy (holes of rows that nothing fixes stay NaN), outliers.npy, rows.csv, summary.json and "
    "report.html; --update adds model.npz, which has taken the rows in.";
constexpr const char* apply_examples =
    "Examples:\n"
    "  gossan apply out/rpca/model.npz today.csv --out out/today\n"
    "  gossan apply out/rpca/model.npz today.csv --update --out out/today    # then: gossan apply out/today/model.npz ...";

struct ApplyOptions {
  std::string variable;
  bool update = false;
  Fields fields() {
    return {{.name = "variable", .value = &variable, .help = "which array of an .npz or .mat file"},
            {.name = "update",
             .value = &update,
             .help = "write model.npz with the new rows taken in; those that do not agree with it are left out"}};
  }
};

Matrix filled(const LowRankModel& model, const TableRows& table, const Applied& applied) {
  Matrix X(table.rows, table.cols);
  each_row(table, [&](Index i, const double* row) {
    const bool known = applied.rows[static_cast<std::size_t>(i)].fit != RowFit::undetermined;
    const Eigen::RowVectorXd fit = applied.C.row(i) * model.V.transpose();
    for (Index j = 0; j < table.cols; ++j) X(i, j) = std::isnan(row[j]) && known ? fit(j) : row[j];
  });
  return X;
}

std::string rows_csv(const std::vector<AppliedRow>& rows) {
  std::string text = "row,fit,observed,outliers,chance\n";
  for (std::size_t i = 0; i < rows.size(); ++i)
    text += fmt::format("{},{},{},{},{:.3g}\n", i, to_string(rows[i].fit), rows[i].observed, rows[i].outliers, rows[i].chance);
  return text;
}

struct RowTally {
  std::array<Index, 4> fits{};
  Index observed = 0, outliers = 0;
  Index of(RowFit fit) const { return fits[static_cast<std::size_t>(fit)]; }
};

RowTally tally(const std::vector<AppliedRow>& rows) {
  RowTally sum;
  for (const AppliedRow& row : rows) {
    ++sum.fits[static_cast<std::size_t>(row.fit)];
    sum.observed += row.observed;
    sum.outliers += row.outliers;
  }
  return sum;
}

std::vector<std::pair<std::string, std::string>> apply_facts(const LowRankModel& model, const RowTally& sum) {
  return {{"model", fmt::format("rank {}, {} columns, from {} rows", model.V.cols(), model.V.rows(), grouped(model.rows_seen))},
          {"fitted", grouped(sum.of(RowFit::fitted))},
          {"misfit", grouped(sum.of(RowFit::misfit))},
          {"unchecked", grouped(sum.of(RowFit::unchecked))},
          {"undetermined", grouped(sum.of(RowFit::undetermined))},
          {"outliers", fmt::format("{} of {} entries", grouped(sum.outliers), grouped(sum.observed))}};
}

// The rows that agree least, the least likely first.
std::vector<std::vector<std::string>> worst_rows(const std::vector<AppliedRow>& rows) {
  constexpr std::size_t most = 20;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].outliers > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows[a].chance < rows[b].chance; });
  order.resize(std::min(order.size(), most));
  std::vector<std::vector<std::string>> table = {{"row", "fit", "observed", "outliers", "chance"}};
  for (const std::size_t i : order)
    table.push_back({std::to_string(i), to_string(rows[i].fit), grouped(rows[i].observed), grouped(rows[i].outliers),
                     fmt::format("{:.2g}", rows[i].chance)});
  return table;
}

Report apply_report(const std::string& model_file, const std::string& file, const Applied& applied, const Summary& summary) {
  Report report{.title = fmt::format("{} rows scored by a model", grouped(std::ssize(applied.rows))),
                .subtitle = file + " by " + model_file,
                .evidence = applied.evidence};
  constexpr Index bins = 20;
  std::vector<double> centre, count(bins, 0.0);
  for (Index b = 0; b < bins; ++b) centre.push_back((static_cast<double>(b) + 0.5) / bins);
  for (const AppliedRow& row : applied.rows) {
    if (row.fit == RowFit::undetermined || row.observed == 0) continue;
    const Index bin = std::min(bins - 1, row.outliers * bins / row.observed);
    count[static_cast<std::size_t>(bin)] += 1;
  }
  report.charts.push_back({.kind = Chart::Kind::histogram,
                           .title = "Outliers of a row",
                           .x_label = "share of its observed entries",
                           .y_label = "rows",
                           .curves = {{.name = "rows", .x = centre, .y = count}},
                           .text = applied.evidence.message});
  report.tables.emplace_back("Rows that agree least", worst_rows(applied.rows));
  report.choices = summary.choices;
  return report;
}

}  // namespace

ExitCode apply_verb(const Arguments& arguments) {
  std::string model_file, file;
  ApplyOptions options;
  CommonOptions common{.out = "gossan-out/apply"};
  LimitOptions limits;
  Parser parser("gossan apply", apply_help, apply_examples);
  parser.input("model.npz", &model_file, "the model");
  parser.input("new", &file, "the rows");
  parser.options("Rows", options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  Session session("apply", common.quiet, limits);
  const LowRankModel model = read_model(model_file);
  const TableFile table = read_table(file, options.variable);
  if (table.table.cols != model.V.rows())
    bad_file(file, "shape", fmt::format("has {} columns, expected the {} of the model", table.table.cols, model.V.rows()));
  RunFolder folder(common.out);

  const Applied applied = gossan::apply(model, table.table, session.watch());
  const ExitCode code = session.finish(applied.status, applied.evidence.verdict);
  const RowTally sum = tally(applied.rows);
  Summary summary;
  summary.verb = "apply";
  summary.inputs = {{{"file", model_file}, {"role", "model"}},
                    {{"file", file}, {"rows", table.table.rows}, {"cols", table.table.cols}}};
  summary.status = applied.status;
  summary.evidence = applied.evidence;
  summary.rank = model.V.cols();
  summary.outlier_fraction = sum.observed > 0 ? static_cast<double>(sum.outliers) / static_cast<double>(sum.observed) : 0;
  summary.noise_scale = model.noise_scale;
  summary.holdout = {{"share", 0.0}};  // nothing is fitted that could be held against it
  summary.sweeps = 1;
  summary.seconds = session.seconds();
  summary.options = parser.values();
  summary.details["outlier_size"] = model.cut;
  summary.details["observed"] = sum.observed;
  for (const RowFit fit : {RowFit::fitted, RowFit::misfit, RowFit::unchecked, RowFit::undetermined})
    summary.details["rows"][to_string(fit)] = sum.of(fit);

  folder.begin_writing();
  write_npy(folder / "coefficients.npy", applied.C);
  write_npy(folder / "filled.npy", filled(model, table.table, applied));
  const std::vector<Index> shape = {table.table.rows, table.table.cols};
  write_npy_mask(folder / "outliers.npy", applied.outliers, shape);
  write_text(folder / "rows.csv", rows_csv(applied.rows));
  if (options.update) write_model(folder / "model.npz", fold_in(model, table.table, applied));
  Report report = apply_report(model_file, file, applied, summary);
  report.facts = apply_facts(model, sum);
  write_text(folder / "report.html", render_html(report));
  publish(folder, summary, common, report.facts);
  return code;
}

}  // namespace gossan::cli
