// gossan complete ratings: a matrix from some of its entries.
#include "gossan/complete.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <optional>

#include "gossan/apply.hpp"
#include "gossan/compare.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "parse/checkpoint_options.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"
#include "verbs/predictions.hpp"

namespace gossan::cli {
namespace {

constexpr const char* complete_help =
    "Fills the holes of a matrix from the entries that are known: ratings, some of them random or reversed, or a low-rank "
    "matrix. "
    "Nothing is told: neither the rank, nor the noise, nor how many ratings are bad. Reads a CSV of row, column, value (ids are "
    "integers or any text), .mtx, or a matrix with NaN where nothing is known (.npy, .npz, .mat, .csv). Pairs that come more "
    "than "
    "once are averaged.\n"
    "Writes row_factors.npy, col_factors.npy, rows.csv, cols.csv (biases, entries, flags), flagged.csv, flagged_rows.csv, "
    "outliers.npy, predictions.csv (with --predict), model.npz for `gossan apply`, history.csv, summary.json and report.html.";
constexpr const char* complete_examples =
    "Examples:\n"
    "  gossan complete ratings.csv --predict pairs.csv --range 1:5 --out out/ratings\n"
    "  gossan complete u1.base --test u1.test --out out/movies\n"
    "  gossan complete holes.npy --truth whole.npy";

struct RatingFiles {
  std::string format = "auto";
  std::string predict, range, test, truth, row_features, col_features;
  Fields fields() {
    return {
        {.name = "format",
         .value = &format,
         .help = "what lines of text are: triplets (row, column, value) or a matrix; auto: triplets where a header names them or "
                 "there are at most four columns",
         .choices = {"auto", "triplets", "matrix"}},
        {.name = "predict",
         .value = &predict,
         .help = "CSV of row, column: written to predictions.csv with value and standard deviation"},
        {.name = "range", .value = &range, .help = "LEAST:MOST, such as 1:5: predictions are clipped to it"},
        {.name = "row_features",
         .value = &row_features,
         .help = "CSV of id and numbers, or a matrix: what else is known of the rows"},
        {.name = "col_features", .value = &col_features, .help = "the same of the columns"},
        {.name = "test", .value = &test, .help = "CSV of row, column, value that take no part, to measure errors by"},
        {.name = "truth",
         .value = &truth,
         .help = "the true matrix of a simulation, to measure the error by; ids are places in it"},
    };
  }
};

Index place(const IdTable& ids, Index k, Index count, const std::string& file) {
  const auto at = as_integer(ids.name(k));
  if (!at || *at < 0 || *at >= count)
    bad_file(file, "shape", fmt::format("has no place {}: ids must be places in it, from 0 to {}", ids.name(k), count - 1));
  return *at;
}

// The true matrix, and where in it the rows and columns of the data are.
struct CompleteTruth {
  Matrix X;
  std::vector<Index> row, col;
};

CompleteTruth read_complete_truth(const std::string& file, const NamedRatings& data) {
  CompleteTruth truth{read_matrix(file), {}, {}};
  if (truth.X.isZero(0)) bad_file(file, "", "is all zero, expected a matrix that an error can be measured against");
  for (Index a = 0; a < data.ratings.rows; ++a) truth.row.push_back(place(data.row_ids, a, truth.X.rows(), file));
  for (Index b = 0; b < data.ratings.cols; ++b) truth.col.push_back(place(data.col_ids, b, truth.X.cols(), file));
  return truth;
}

// Empty, or why there is no model.
std::string write_complete_model(const std::filesystem::path& file, const Completed& completed, const NamedRatings& data) {
  if (!completed.row.factor.allFinite() || !completed.col.factor.allFinite() || !std::isfinite(completed.noise_scale))
    return "the fit left the finite numbers";
  if (completed.row_prior.variance.size() > 0) {
    write_model(file, RatingsModel{static_cast<const EntryModel&>(completed), data.row_ids.names(), data.col_ids.names()});
  } else {
    LowRankModel model = low_rank_model(completed, data.ratings);
    model.col_ids = data.col_ids.names();
    write_model(file, model);
  }
  try {
    read_model(file);
    return "";
  } catch (const BadFile& bad) {
    std::filesystem::remove(file);
    return fmt::format("numbers of such a size are not kept ({})", bad.what());
  }
}

void write_answer(RunFolder& folder, const RatedEntries& entries, const History& history) {
  folder.begin_writing("summary.json", {"model.npz", "predictions.csv"});
  write_npy(folder / "row_factors.npy", entries.model.row.factor);
  write_npy(folder / "col_factors.npy", entries.model.col.factor);
  write_npy(folder / "outliers.npy", entries.flags.outliers);
  write_text(folder / "rows.csv", rows_csv(entries));
  write_text(folder / "cols.csv", cols_csv(entries));
  write_text(folder / "flagged.csv", flagged_entries_csv(entries));
  write_text(folder / "flagged_rows.csv", flagged_rows_csv(entries));
  write_text(folder / "history.csv", history_csv(history));
}

}  // namespace

ExitCode complete_verb(const Arguments& arguments) {
  std::string file;
  CompleteOptions options;
  RatingFiles files;
  CheckpointOptions checkpoint_options;
  CommonOptions common{.out = "gossan-out/complete"};
  LimitOptions limits;
  Parser parser("gossan complete", complete_help, complete_examples);
  parser.input("ratings", &file, "the known entries");
  parser.options("Recovery", options.fields());
  parser.options("Files", files.fields());
  parser.options("Checkpoints", checkpoint_options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  const ClipRange range = parse_range(files.range);
  const Checkpointing checkpoint = checkpointing("complete", checkpoint_options, {}, common.quiet);
  Session session("complete", common.quiet, limits);
  const NamedRatings data = read_ratings(file, files.format);
  const auto pairs = [&](const std::string& name, bool values) -> std::optional<NamedPairs> {
    if (name.empty()) return std::nullopt;
    return read_pairs(name, data.row_ids, data.col_ids, values);
  };
  const std::optional<NamedPairs> wanted = pairs(files.predict, false), test = pairs(files.test, true);
  SideInformation side;
  if (!files.row_features.empty()) side.rows = read_features(files.row_features, data.row_ids);
  if (!files.col_features.empty()) side.cols = read_features(files.col_features, data.col_ids);
  std::optional<CompleteTruth> truth;
  if (!files.truth.empty()) truth = read_complete_truth(files.truth, data);
  RunFolder folder(common.out);

  Watch watch = session.watch();
  watch.checkpoint = checkpoint;
  const Completed completed = complete(data.ratings, options, side, watch);
  const ExitCode code = session.finish(completed.status, completed.evidence.verdict);
  RunRecord record = parser.record();
  record.seconds = session.seconds();
  record.inputs = {{file}};
  const RatedEntries entries{data.ratings, completed, completed, data.row_ids.names(), data.col_ids.names()};
  CompleteRun run{entries, options, completed, data.format, data.repeated};
  if (test) {
    record.inputs.push_back({files.test, "test"});
    run.test = compare(predict_within(range, completed, test->i, test->j), test->i, test->j, test->value);
  }
  if (truth) {
    record.inputs.push_back({files.truth, "truth"});
    run.relative_error = relative_error(truth->X, truth->row, truth->col, completed);
  }
  write_answer(folder, entries, completed.history);
  const std::string no_model = write_complete_model(folder / "model.npz", completed, data);
  if (!no_model.empty()) record.notices = {{"notice", "no model.npz was written: " + no_model}};
  if (wanted) write_text(folder / "predictions.csv", predictions_text(*wanted, completed, range));
  publish(folder, present(run, record), common, {.time = time_and_sweeps(record, completed.sweeps)});
  return code;
}

}  // namespace gossan::cli
