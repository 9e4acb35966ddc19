// gossan apply model.npz new: rows that the model has not seen.
#include "gossan/apply.hpp"

#include <variant>

#include "parse/parser.hpp"
#include "verbs/apply_request.hpp"

namespace gossan::cli {
namespace {

constexpr const char* apply_help =
    "Scores new rows by a model that `gossan rpca` or `gossan complete` wrote: fits each row robustly to it, flags its outliers "
    "and "
    "fills its holes. "
    "Reads what these read: a table with the columns of the one that was fitted, or lines of row, column, value with the same "
    "ids.\n"
    "Of a table, or of low-rank entries, writes coefficients.npy, filled.npy (holes of rows that nothing fixes stay NaN), "
    "outliers.npy and rows.csv; of ratings row_factors.npy, rows.csv, flagged.csv, flagged_rows.csv, outliers.npy, "
    "predictions.csv "
    "(with --predict) and, where they came as a matrix, filled.npy. Always summary.json and report.html; --update adds "
    "model.npz, "
    "which has taken the rows in.";
constexpr const char* apply_examples =
    "Examples:\n"
    "  gossan apply out/rpca/model.npz today.csv --out out/today\n"
    "  gossan apply out/rpca/model.npz today.csv --update --out out/today    # then: gossan apply out/today/model.npz ...\n"
    "  gossan apply out/ratings/model.npz new.csv --predict pairs.csv --range 1:5 --out out/new";

}  // namespace

Fields ApplyOptions::fields() {
  return {{.name = "variable", .value = &variable, .help = "tables: which array of an .npz or .mat file"},
          {.name = "format",
           .value = &format,
           .help = "models of complete: what lines of text are, as there",
           .choices = {"auto", "triplets", "matrix"}},
          {.name = "predict",
           .value = &predict,
           .help = "ratings: CSV of row, column, written to predictions.csv with value and standard deviation"},
          {.name = "range", .value = &range, .help = "ratings: LEAST:MOST, such as 1:5: predictions are clipped to it"},
          {.name = "test", .value = &test, .help = "ratings: CSV of row, column, value that take no part, to measure errors by"},
          {.name = "update",
           .value = &update,
           .help = "write model.npz with the new rows taken in; columns learn nothing from rows that do not agree"}};
}

ExitCode apply_verb(const Arguments& arguments) {
  ApplyRequest request{.model_file = {}, .file = {}, .options = {}, .common = {.out = "gossan-out/apply"}};
  LimitOptions limits;
  Parser parser("gossan apply", apply_help, apply_examples);
  parser.input("model.npz", &request.model_file, "the model");
  parser.input("new", &request.file, "the rows");
  parser.options("Rows", request.options.fields());
  parser.options("Common", request.common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;
  request.record = parser.record();

  apply(request.common);
  Session session("apply", request.common.quiet, limits);
  const SavedModel model = read_model(request.model_file);
  if (const auto* ratings = std::get_if<RatingsModel>(&model)) return apply_to_ratings(request, *ratings, session);
  return apply_to_table(request, std::get<LowRankModel>(model), session);
}

}  // namespace gossan::cli
