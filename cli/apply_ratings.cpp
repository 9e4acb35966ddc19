// gossan apply of a model of ratings: further ratings of its rows, and new rows.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <stdexcept>

#include "apply_request.hpp"
#include "complete_output.hpp"
#include "gossan/io.hpp"
#include "gossan/report.hpp"
#include "match_columns.hpp"
#include "run_folder.hpp"
#include "summary.hpp"

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

// The rows of the file with every hole filled.
Matrix filled_ratings(const CompleteRun& run, const std::vector<Index>& rows) {
  Matrix X(static_cast<Index>(rows.size()), run.model.cols);
  std::vector<Index> j(static_cast<std::size_t>(run.model.cols)), place(static_cast<std::size_t>(run.model.rows), -1);
  std::iota(j.begin(), j.end(), Index{0});
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const Answers row = answers(run, std::vector<Index>(j.size(), rows[k]), j);
    X.row(static_cast<Index>(k)) = Eigen::Map<const Eigen::RowVectorXd>(row.mean.data(), run.model.cols);
    place[static_cast<std::size_t>(rows[k])] = static_cast<Index>(k);
  }
  const Ratings& given = run.data.ratings;
  for (std::size_t e = 0; e < given.value.size(); ++e)
    X(place[static_cast<std::size_t>(given.i[e])], given.j[e]) = given.value[e];
  return X;
}

Summary summarise_applied(const ApplyRequest& request, const RatingsModel& model, const NewRatings& read,
                          const AppliedRatings& applied) {
  Summary summary;
  summary.verb = "apply";
  const auto n = static_cast<double>(applied.flags.outliers.size());
  summary.inputs = {
      {{"file", request.model_file}, {"role", "model"}},
      {{"file", request.file}, {"rows", read.rows.size()}, {"cols", model.cols}, {"entries", applied.flags.outliers.size()}}};
  summary.status = applied.status;
  summary.evidence = applied.evidence;
  summary.rank = model.col.factor.cols();
  summary.outlier_fraction =
      static_cast<double>(std::count(applied.flags.outliers.begin(), applied.flags.outliers.end(), true)) / n;
  summary.noise_scale = model.noise_scale;
  summary.holdout = {{"share", 0.0}};  // nothing is fitted that could be held against it
  summary.iterations = summary.sweeps = applied.sweeps;
  summary.options = request.values;
  summary.choices.emplace_back("model", model.thresholds.empty() ? "ratings: student-t" : "ratings: ordinal");
  summary.choices.emplace_back("format", read.data.format);
  summary.details["outlier_cut"] = applied.flags.outlier_cut;
  summary.details["observed"] = applied.flags.outliers.size();
  summary.details["passed_over"] = read.passed_over;
  summary.details["known_rows"] = read.known;
  summary.details["new_rows"] = static_cast<Index>(read.rows.size()) - read.known;
  summary.details["flagged_rows"] = std::count(applied.flags.flagged_rows.begin(), applied.flags.flagged_rows.end(), true);
  summary.details["repeated"] = read.data.repeated;
  return summary;
}

using ApplyFacts = std::vector<std::pair<std::string, std::string>>;

ApplyFacts applied_ratings_facts(const RatingsModel& model, const NewRatings& read, const Summary& summary) {
  ApplyFacts facts = {
      {"model",
       fmt::format("{} rows x {} columns, {} components", grouped(model.rows), grouped(model.cols), model.col.factor.cols())},
      {"rows", fmt::format("{} new, {} that the model knew", grouped(static_cast<Index>(read.rows.size()) - read.known),
                           grouped(read.known))},
      {"flagged", fmt::format("{:.2f} % of {} ratings, {} rows", 100 * summary.outlier_fraction,
                              grouped(std::ssize(read.data.ratings.value)), summary.details["flagged_rows"].get<Index>())}};
  if (read.data.repeated > 0)
    facts.emplace_back("notice", fmt::format("{} lines repeat a pair that had come before: their values were averaged",
                                             grouped(read.data.repeated)));
  if (read.passed_over > 0) facts.emplace_back("notice", passed_over_notice(read.passed_over));
  return facts;
}

bool stopped(Status status) {
  return status == Status::interrupted || status == Status::time_limit || status == Status::diverged;
}

void write_applied(RunFolder& folder, const CompleteRun& run, const std::vector<Index>& rows) {
  folder.begin_writing("summary.json", {"model.npz", "predictions.csv", "filled.npy"});
  write_npy(folder / "row_factors.npy", Matrix(run.model.row.factor(rows, Eigen::all)));
  write_npy(folder / "outliers.npy", run.flags.outliers);
  write_text(folder / "rows.csv", rows_csv(run, rows));
  write_text(folder / "flagged.csv", flagged_csv(run));
  write_text(folder / "flagged_rows.csv", flagged_rows_csv(run));
  if (run.data.format == "matrix") write_npy(folder / "filled.npy", filled_ratings(run, rows));
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
  const CompleteRun run{read.data, applied.model, applied.flags, range};
  Summary summary = summarise_applied(request, model, read, applied);
  summary.seconds = session.seconds();
  ApplyFacts facts = applied_ratings_facts(model, read, summary);
  if (test) {
    const TestErrors errors = test_errors(run, *test);
    summary.inputs.push_back({{"file", options.test}, {"role", "test"}});
    summary.details["test"] = to_json(errors);
    facts.emplace_back("test", to_text(errors));
  }
  write_applied(folder, run, read.rows);
  if (wanted) write_text(folder / "predictions.csv", predictions_csv(run, *wanted));
  if (options.update && stopped(applied.status))
    facts.emplace_back("notice", "no model.npz was written: the run was stopped before its rows were fitted");
  else if (options.update)
    write_model(folder / "model.npz",
                RatingsModel{fold_in(model, read.data.ratings, applied), read.data.row_ids.names(), model.col_ids});
  Report report{.title = fmt::format("{} ratings scored by a model", grouped(std::ssize(applied.flags.outliers))),
                .subtitle = request.file + " by " + request.model_file,
                .evidence = applied.evidence};
  report.tables = {worst_rows(run), worst_cols(run)};
  report.choices = summary.choices;
  report.facts = facts;
  write_text(folder / "report.html", render_html(report));
  publish(folder, summary, request.common, facts);
  return code;
}

}  // namespace gossan::cli
