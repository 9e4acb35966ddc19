// gossan apply of a low-rank model: rows of a table, or entries by the names of their rows and columns.
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "verbs/apply_request.hpp"

namespace gossan::cli {
namespace {

// The rows by number, and as they are called where they have names.
struct NewTable {
  TableFile file;
  IdTable ids;            // empty: rows are told by their places
  Index passed_over = 0;  // entries of columns that the model does not know
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
  RunRecord record = request.record;
  record.seconds = session.seconds();
  record.inputs = {{request.model_file, "model"}, {request.file}};
  const ApplyTableRun run{model, table, applied, read.ids.names(), read.passed_over};
  folder.begin_writing("summary.json", {"model.npz"});
  write_npy(folder / "coefficients.npy", applied.C);
  write_npy(folder / "filled.npy", filled(run));
  const std::vector<Index> shape = {table.rows, table.cols};
  write_npy_mask(folder / "outliers.npy", applied.outliers, shape);
  write_text(folder / "rows.csv", applied_rows_csv(run));
  if (options.update) write_model(folder / "model.npz", fold_in(model, table, applied));
  constexpr Index sweeps = 1;
  publish(folder, present(run, record), request.common, {.time = time_and_sweeps(record, sweeps)});
  return code;
}

}  // namespace gossan::cli
