// gossan complete ratings: a matrix from some of its entries.
#include "gossan/complete.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numeric>
#include <optional>

#include "checkpoint_options.hpp"
#include "common.hpp"
#include "complete_output.hpp"
#include "gossan/apply.hpp"
#include "gossan/io.hpp"
#include "matrix_file.hpp"
#include "parser.hpp"
#include "run_folder.hpp"
#include "session.hpp"
#include "summary.hpp"
#include "text.hpp"

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

using CompleteFacts = std::vector<std::pair<std::string, std::string>>;

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

// |X - truth|_F / |truth|_F over the rows and columns that are known.
double truth_error(const CompleteTruth& truth, const Completed& completed) {
  double error = 0, size = 0;
  std::vector<Index> j(truth.col.size());
  std::iota(j.begin(), j.end(), Index{0});
  std::vector<double> mean(j.size()), sd(j.size());
  for (Index a = 0; a < completed.rows; ++a) {
    predict(completed, std::vector<Index>(j.size(), a), j, mean, sd);
    for (std::size_t b = 0; b < j.size(); ++b) {
      const double x = truth.X(truth.row[static_cast<std::size_t>(a)], truth.col[b]);
      error += (mean[b] - x) * (mean[b] - x);
      size += x * x;
    }
  }
  return std::sqrt(error / size);
}

// Estimates came out up to a fifth short on planted ratings, and long on real ones (docs/complete.md).
double bad_share_at_most(const Completed& completed) {
  constexpr double margin = 1.25, offset = 0.02;
  if (std::isnan(completed.random_share)) return completed.random_share;
  return std::min(1.0, margin * (completed.random_share + completed.reversed_share) + offset);
}

Summary summarise(const Completed& completed, const NamedRatings& data, const CompleteOptions& options, double seconds) {
  Summary summary;
  summary.verb = "complete";
  summary.status = completed.status;
  summary.evidence = completed.evidence;
  summary.rank = completed.rank;
  summary.outlier_fraction = completed.outlier_fraction;
  summary.noise_scale = completed.noise_scale;
  summary.holdout = {
      {"share", options.holdout}, {"error", completed.holdout_error}, {"bias_error", number_or_null(completed.bias_error)}};
  summary.iterations = completed.iterations;
  summary.sweeps = completed.sweeps;
  summary.seconds = seconds;
  summary.seed = options.seed;
  summary.choices = completed.choices;
  summary.choices.emplace_back("method", completed.method);
  summary.choices.emplace_back("format", data.format);
  summary.details["outlier_cut"] = completed.outlier_cut;
  summary.details["training_error"] = completed.training_error;
  summary.details["coverage"] = number_or_null(completed.holdout_coverage);
  summary.details["random_share"] = number_or_null(completed.random_share);
  summary.details["reversed_share"] = number_or_null(completed.reversed_share);
  summary.details["bad_share_at_most"] = number_or_null(bad_share_at_most(completed));
  const auto rows = std::count(completed.flagged_rows.begin(), completed.flagged_rows.end(), true);
  summary.details["flagged_rows"] = rows;
  summary.details["repeated"] = data.repeated;
  summary.details["strengths"] = std::vector<double>(completed.strengths.begin(), completed.strengths.end());
  return summary;
}

CompleteFacts facts(const Completed& completed, const NamedRatings& data, const std::optional<TestErrors>& test,
                    const std::optional<double>& truth) {
  CompleteFacts list = {
      {"matrix", fmt::format("{} x {} from {} entries", grouped(completed.rows), grouped(completed.cols),
                             grouped(static_cast<Index>(data.ratings.value.size())))},
      {"method", completed.method},
      {"rank", fmt::format("{}", completed.rank)},
      {"held out", fmt::format("error {:.4g}; of row and column means {:.4g}", completed.holdout_error, completed.bias_error)}};
  if (data.repeated > 0)
    list.emplace_back(
        "notice", fmt::format("{} lines repeat a pair that had come before: their values were averaged", grouped(data.repeated)));
  if (!std::isnan(completed.random_share))
    list.emplace_back("bad ratings", fmt::format("at most {:.0f} %: about {:.0f} % random or erratic, {:.0f} % reversed",
                                                 100 * bad_share_at_most(completed), 100 * completed.random_share,
                                                 100 * completed.reversed_share));
  const auto rows = std::count(completed.flagged_rows.begin(), completed.flagged_rows.end(), true);
  list.emplace_back("flagged", fmt::format("{:.2f} % of the entries, {} rows", 100 * completed.outlier_fraction, rows));
  if (test) list.emplace_back("test", to_text(*test));
  if (truth) list.emplace_back("truth", fmt::format("relative error {:.3g}", *truth));
  return list;
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

void write_results(RunFolder& folder, const CompleteRun& run, const History& history) {
  folder.begin_writing("summary.json", {"model.npz", "predictions.csv"});
  write_npy(folder / "row_factors.npy", run.model.row.factor);
  write_npy(folder / "col_factors.npy", run.model.col.factor);
  write_npy(folder / "outliers.npy", run.flags.outliers);
  write_text(folder / "rows.csv", rows_csv(run));
  write_text(folder / "cols.csv", cols_csv(run));
  write_text(folder / "flagged.csv", flagged_csv(run));
  write_text(folder / "flagged_rows.csv", flagged_rows_csv(run));
  write_history(folder / "history.csv", history);
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
  const CompleteRun run{data, completed, completed, range};
  Summary summary = summarise(completed, data, options, session.seconds());
  summary.options = parser.values();
  summary.inputs = {{{"file", file}, {"rows", completed.rows}, {"cols", completed.cols}, {"entries", data.ratings.value.size()}}};
  std::optional<TestErrors> errors;
  std::optional<double> error;
  if (test) {
    errors = test_errors(run, *test);
    summary.inputs.push_back({{"file", files.test}, {"role", "test"}});
    summary.details["test"] = to_json(*errors);
  }
  if (truth) {
    error = truth_error(*truth, completed);
    summary.inputs.push_back({{"file", files.truth}, {"role", "truth"}});
    summary.details["relative_error"] = *error;
  }
  write_results(folder, run, completed.history);
  const std::string no_model = write_complete_model(folder / "model.npz", completed, data);
  if (wanted) write_text(folder / "predictions.csv", predictions_csv(run, *wanted));
  CompleteFacts lines = facts(completed, data, errors, error);
  if (!no_model.empty()) lines.emplace_back("notice", "no model.npz was written: " + no_model);
  Report report = complete_report(run, completed, summary);
  report.facts = lines;
  write_text(folder / "report.html", render_html(report));
  publish(folder, summary, common, lines);
  return code;
}

}  // namespace gossan::cli
