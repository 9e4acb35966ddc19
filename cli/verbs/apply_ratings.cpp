// gossan apply of a model of ratings: further ratings of its rows, and new rows.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "gossan/compare.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "verbs/apply_request.hpp"
#include "verbs/predictions.hpp"

namespace gossan::cli {
namespace {

// Ratings whose rows are those of the model, and behind them the new ones.
struct NewRatings {
  NamedRatings data;
  std::vector<Index> rows;           // those of the file, in its order of ids
  Index known = 0, passed_over = 0;  // rows that the model had; entries of columns that it does not know
};

NewRatings read_new_ratings(const ApplyRequest& request, const RatingsModel& model) {
  NewRatings read;
  MatchedRatings matched =
      match_columns(read_ratings(request.file, request.options.format), IdTable::of(model.col_ids), request.file);
  read.data = std::move(matched.data);
  read.passed_over = matched.passed_over;
  IdTable all = IdTable::of(model.row_ids);
  const bool named = read.data.format == "triplets";
  const Index first = named ? 0 : all.next_number();
  Ratings& ratings = read.data.ratings;
  std::vector<Index> place;
  for (Index k = 0; k < read.data.row_ids.count(); ++k)
    place.push_back(all.find_or_add(named ? read.data.row_ids.name(k) : std::to_string(first + k)));
  std::vector<bool> seen(static_cast<std::size_t>(all.count()), false);
  for (const Index row : place) {
    if (!seen[static_cast<std::size_t>(row)]) read.rows.push_back(row);
    seen[static_cast<std::size_t>(row)] = true;
  }
  for (Index& i : ratings.i) i = place[static_cast<std::size_t>(i)];
  ratings.rows = all.count();
  read.known = std::count_if(read.rows.begin(), read.rows.end(), [&](Index row) { return row < model.rows; });
  read.data.repeated += average_repeated(ratings);  // "7" and "007" may be one row of the model
  read.data.row_ids = std::move(all);
  return read;
}

bool stopped(Status status) {
  return status == Status::interrupted || status == Status::time_limit || status == Status::diverged;
}

void write_applied(RunFolder& folder, const ApplyRatingsRun& run, const std::vector<Index>& rows, const ClipRange& range) {
  folder.begin_writing("summary.json", {"model.npz", "predictions.csv", "filled.npy"});
  write_npy(folder / "row_factors.npy", Matrix(run.entries.model.row.factor(rows, Eigen::all)));
  write_npy(folder / "outliers.npy", run.entries.flags.outliers);
  write_text(folder / "rows.csv", rows_csv(run.entries, rows));
  write_text(folder / "flagged.csv", flagged_entries_csv(run.entries));
  write_text(folder / "flagged_rows.csv", flagged_rows_csv(run.entries));
  if (run.format == "matrix") write_npy(folder / "filled.npy", filled(run, range));
}

}  // namespace

ExitCode apply_to_ratings(const ApplyRequest& request, const RatingsModel& model, Session& session) {
  const ApplyOptions& options = request.options;
  if (!options.variable.empty())
    throw std::invalid_argument(fmt::format("option 'variable' is '{}', expected none for a model of ratings", options.variable));
  const ClipRange range = parse_range(options.range);
  const NewRatings read = read_new_ratings(request, model);
  const auto pairs = [&](const std::string& name, bool values) -> std::optional<NamedPairs> {
    if (name.empty()) return std::nullopt;
    return read_pairs(name, read.data.row_ids, read.data.col_ids, values);
  };
  const std::optional<NamedPairs> wanted = pairs(options.predict, false), test = pairs(options.test, true);
  RunFolder folder(request.common.out);

  const AppliedRatings applied = gossan::apply(model, read.data.ratings, session.watch());
  const ExitCode code = session.finish(applied.status, applied.evidence.verdict);
  RunRecord record = request.record;
  record.seconds = session.seconds();
  record.inputs = {{request.model_file, "model"}, {request.file}};
  const NamedRatings& data = read.data;
  ApplyRatingsRun run{.entries = {data.ratings, applied.model, applied.flags, data.row_ids.names(), data.col_ids.names()},
                      .model = model,
                      .applied = applied,
                      .rows = read.rows,
                      .known = read.known,
                      .passed_over = read.passed_over,
                      .repeated = data.repeated,
                      .format = data.format};
  if (test) {
    record.inputs.push_back({options.test, "test"});
    run.test = compare(predict_within(range, applied.model, test->i, test->j), test->i, test->j, test->value);
  }
  write_applied(folder, run, read.rows, range);
  if (wanted) write_text(folder / "predictions.csv", predictions_text(*wanted, applied.model, range));
  if (options.update && stopped(applied.status))
    record.notices = {{"notice", "no model.npz was written: the run was stopped before its rows were fitted"}};
  else if (options.update)
    write_model(folder / "model.npz", RatingsModel{fold_in(model, data.ratings, applied), data.row_ids.names(), model.col_ids});
  publish(folder, present(run, record), request.common, {.time = time_and_sweeps(record, applied.sweeps)});
  return code;
}

}  // namespace gossan::cli
