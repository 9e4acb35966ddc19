// gossan apply of a low-rank model: rows of a table, or entries by the names of their rows and columns.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "apply_request.hpp"
#include "gossan/io.hpp"
#include "gossan/linalg.hpp"
#include "gossan/report.hpp"
#include "match_columns.hpp"
#include "run_folder.hpp"
#include "summary.hpp"
#include "table_file.hpp"

namespace gossan::cli {
namespace {

// The rows by number, and as they are called where they have names.
struct NewTable {
  TableFile file;
  IdTable ids;            // empty: rows are told by their places
  Index passed_over = 0;  // entries of columns that the model does not know
  std::string name(std::size_t i) const { return ids.count() == 0 ? std::to_string(i) : ids.name(static_cast<Index>(i)); }
};

NewTable read_new_table(const ApplyRequest& request, const LowRankModel& model) {
  if (model.col_ids.empty()) {
    NewTable table{read_table(request.file, request.options.variable), {}};
    if (table.file.table.cols != model.V.rows())
      bad_file(request.file, "shape",
               fmt::format("has {} columns, expected the {} of the model", table.file.table.cols, model.V.rows()));
    return table;
  }
  MatchedRatings matched =
      match_columns(read_ratings(request.file, request.options.format), IdTable::of(model.col_ids), request.file);
  return {table_of(matched.data.ratings, request.file), std::move(matched.data.row_ids), matched.passed_over};
}

Matrix filled(const LowRankModel& model, const TableRows& table, const Applied& applied) {
  Matrix X(table.rows, table.cols);
  each_row(table, [&](Index i, const double* row) {
    const bool known = applied.rows[static_cast<std::size_t>(i)].fit != RowFit::undetermined;
    const Eigen::RowVectorXd fit = applied.C.row(i) * model.V.transpose() * model.col_unit.asDiagonal();
    for (Index j = 0; j < table.cols; ++j) X(i, j) = std::isnan(row[j]) && known ? fit(j) : row[j];
  });
  return X;
}

std::string applied_rows_csv(const std::vector<AppliedRow>& rows, const NewTable& table) {
  std::string text = "row,fit,observed,outliers,chance\n";
  for (std::size_t i = 0; i < rows.size(); ++i)
    text += csv_line({table.name(i), to_string(rows[i].fit), std::to_string(rows[i].observed), std::to_string(rows[i].outliers),
                      fmt::format("{:.3g}", rows[i].chance)});
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

std::vector<std::pair<std::string, std::string>> applied_table_facts(const LowRankModel& model, const RowTally& sum,
                                                                     Index passed_over) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"model", fmt::format("rank {}, {} columns, from {} rows", model.V.cols(), model.V.rows(), grouped(model.rows_seen))},
      {"fitted", grouped(sum.of(RowFit::fitted))},
      {"misfit", grouped(sum.of(RowFit::misfit))},
      {"unchecked", grouped(sum.of(RowFit::unchecked))},
      {"undetermined", grouped(sum.of(RowFit::undetermined))},
      {"outliers", fmt::format("{} of {} entries", grouped(sum.outliers), grouped(sum.observed))}};
  if (passed_over > 0) facts.emplace_back("notice", passed_over_notice(passed_over));
  return facts;
}

// The rows that agree least, the least likely first.
std::vector<std::vector<std::string>> least_agreeing(const std::vector<AppliedRow>& rows, const NewTable& names) {
  constexpr std::size_t most = 20;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].outliers > 0) order.push_back(i);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rows[a].chance < rows[b].chance; });
  order.resize(std::min(order.size(), most));
  std::vector<std::vector<std::string>> table = {{"row", "fit", "observed", "outliers", "chance"}};
  for (const std::size_t i : order)
    table.push_back({names.name(i), to_string(rows[i].fit), grouped(rows[i].observed), grouped(rows[i].outliers),
                     fmt::format("{:.2g}", rows[i].chance)});
  return table;
}

Report applied_table_report(const ApplyRequest& request, const Applied& applied, const NewTable& table, const Summary& summary) {
  Report report{.title = fmt::format("{} rows scored by a model", grouped(std::ssize(applied.rows))),
                .subtitle = request.file + " by " + request.model_file,
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
  report.tables.emplace_back("Rows that agree least", least_agreeing(applied.rows, table));
  report.choices = summary.choices;
  return report;
}

}  // namespace

ExitCode apply_to_table(const ApplyRequest& request, const LowRankModel& model, Session& session) {
  const ApplyOptions& options = request.options;
  const auto refuse = [](const std::string& option, const std::string& value, const char* instead) {
    if (!value.empty())
      throw std::invalid_argument(
          fmt::format("option '{}' is '{}', expected none for a low-rank model: {}", option, value, instead));
  };
  for (const auto& [name, value] :
       {std::pair("predict", &options.predict), std::pair("range", &options.range), std::pair("test", &options.test)})
    refuse(name, *value, "filled.npy has every place");
  if (!model.col_ids.empty()) refuse("variable", options.variable, "columns have names");
  if (model.col_ids.empty() && options.format != "auto")
    refuse("format", options.format, "its columns have no names, the file is a table");
  const NewTable read = read_new_table(request, model);
  const TableRows& table = read.file.table;
  RunFolder folder(request.common.out);

  const Applied applied = gossan::apply(model, table, session.watch());
  const ExitCode code = session.finish(applied.status, applied.evidence.verdict);
  const RowTally sum = tally(applied.rows);
  Summary summary;
  summary.verb = "apply";
  summary.inputs = {{{"file", request.model_file}, {"role", "model"}},
                    {{"file", request.file}, {"rows", table.rows}, {"cols", table.cols}}};
  summary.status = applied.status;
  summary.evidence = applied.evidence;
  summary.rank = model.V.cols();
  summary.outlier_fraction = sum.observed > 0 ? static_cast<double>(sum.outliers) / static_cast<double>(sum.observed) : 0;
  summary.noise_scale = model.noise_scale;
  summary.holdout = {{"share", 0.0}};  // nothing is fitted that could be held against it
  summary.sweeps = 1;
  summary.seconds = session.seconds();
  summary.options = request.values;
  summary.choices.emplace_back("model", "low rank");
  summary.details["outlier_size"] = model.cut;
  summary.details["observed"] = sum.observed;
  summary.details["passed_over"] = read.passed_over;
  for (const RowFit fit : {RowFit::fitted, RowFit::misfit, RowFit::unchecked, RowFit::undetermined})
    summary.details["rows"][to_string(fit)] = sum.of(fit);

  folder.begin_writing("summary.json", {"model.npz"});
  write_npy(folder / "coefficients.npy", applied.C);
  write_npy(folder / "filled.npy", filled(model, table, applied));
  const std::vector<Index> shape = {table.rows, table.cols};
  write_npy_mask(folder / "outliers.npy", applied.outliers, shape);
  write_text(folder / "rows.csv", applied_rows_csv(applied.rows, read));
  if (options.update) write_model(folder / "model.npz", fold_in(model, table, applied));
  Report report = applied_table_report(request, applied, read, summary);
  report.facts = applied_table_facts(model, sum, read.passed_over);
  write_text(folder / "report.html", render_html(report));
  publish(folder, summary, request.common, report.facts);
  return code;
}

}  // namespace gossan::cli
