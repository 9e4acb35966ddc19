// gossan sense A.npy y.npy: a matrix from linear measurements.
#include "gossan/sense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>

#include "charts.hpp"
#include "checkpoint_options.hpp"
#include "common.hpp"
#include "flag_rates.hpp"
#include "gossan/init.hpp"
#include "gossan/io.hpp"
#include "gossan/report.hpp"
#include "matrix_file.hpp"
#include "measurements.hpp"
#include "parser.hpp"
#include "run_folder.hpp"
#include "session.hpp"
#include "summary.hpp"

namespace gossan::cli {
namespace {

constexpr const char* sense_help =
    "Recovers a low-rank matrix from linear measurements y = <A_e, X>, some of them wrong. Nothing is told: not the rank, the "
    "noise, the scale, or how much of the data is bad. A --method, --loss, --schedule or --init names the parts of a descent "
    "instead (see gossan describe). Reads A (n x rows x cols, or n x (rows cols) with --rows and --cols, or what another "
    "--operator takes) "
    "and "
    "y (n) from .npy, .npz, .csv, .mtx or .mat; A may also be an ensemble.json of gossan generate.\n"
    "Writes U.npy (symmetric) or L.npy and R.npy, outliers.npy, history.csv, summary.json and report.html.";
constexpr const char* sense_examples =
    "Examples:\n"
    "  gossan sense A.npy y.npy --out out/sense\n"
    "  gossan sense A.npy y.npy --loss huber --set loss.delta=0.1 --schedule geometric --set schedule.step=0.3\n"
    "  gossan sense A.npy y.npy --schedule polyak --f-min 0.02 --truth X.npy";

struct TruthOption {
  std::string truth;
  Fields fields() {
    return {{.name = "truth",
             .value = &truth,
             .help = "the true matrix as .npy, to measure the error and the way to it by; the oracle schedule alone uses it"}};
  }
};

struct MatrixTruth {
  double relative_error = 0;  // |X - truth|_F / |truth|_F
  FlagRates flags;
};

using Facts = std::vector<std::pair<std::string, std::string>>;

template <class Table>
void add_names(std::vector<std::string>& names, const std::string& prefix, const Table& table, const std::string& chosen,
               const char* kind) {
  for (const FieldView& field : find(table, chosen, kind).options) names.push_back(prefix + "." + field.name);
}

std::vector<std::string> part_options(const SenseOptions& given) {
  const SenseOptions options = given.with_parts(true);
  std::vector<std::string> names;
  add_names(names, "model", models(), options.model, "model");
  add_names(names, "loss", losses(), options.loss, "loss");
  add_names(names, "method", methods(), options.method, "method");
  add_names(names, "schedule", schedules(), options.schedule, "schedule");
  add_names(names, "init", initialisations(), options.init, "initialisation");
  return names;
}

const Matrix& right_factor(const Sensed& sensed) { return sensed.symmetric ? sensed.L : sensed.R; }

MatrixTruth compare(const Matrix& truth, const Measurements& data, const Sensed& sensed) {
  MatrixTruth report;
  const Matrix X = sensed.L * right_factor(sensed).transpose();
  report.relative_error = (X - truth).norm() / truth.norm();
  std::vector<double> error(data.y.size());
  predict(*data.A, truth, Matrix::Identity(truth.cols(), truth.cols()), error);
  double largest = 0;
  for (std::size_t e = 0; e < error.size(); ++e) {
    largest = std::max(largest, std::abs(error[e]));
    error[e] = data.y[e] - error[e];
  }
  report.flags = flag_rates(error, sensed.outliers, 1e-9 * largest);
  return report;
}

Json truth_json(const MatrixTruth& truth) {
  return {{"relative_error", truth.relative_error},
          {"corrupted_flagged", truth.flags.wrong_flagged},
          {"honest_flagged", truth.flags.honest_flagged},
          {"corrupted", truth.flags.wrong},
          {"honest", truth.flags.honest},
          {"corrupted_tolerance", truth.flags.tolerance}};
}

// A number that is not finite is null.
Json trajectory_json(const Trajectory& trajectory, bool with_truth) {
  Json json = {{"warnings", trajectory.warnings}, {"plateaus", Json::array()}};
  for (const Plateau& each : trajectory.plateaus)
    json["plateaus"].push_back({{"from", each.from}, {"to", each.to}, {"objective", each.f}});
  if (trajectory.budget) {
    const Budget& way = *trajectory.budget;
    json["budget"] = {{"whole", way.whole}, {"travelled", way.travelled}, {"needed", way.needed}};
  }
  if (with_truth) {
    json["emergence"] = Json::array();
    for (const auto& step : trajectory.emergence) json["emergence"].push_back(step ? Json(*step) : Json());
  }
  return json;
}

Facts facts(const Sensed& sensed, const Measurements& data, const std::optional<MatrixTruth>& truth) {
  Facts list = {
      {"matrix", fmt::format("{} x {} from {} measurements", data.A->rows(), data.A->cols(), grouped(data.A->measurements()))},
      {"rank", fmt::format("{}", sensed.rank)},
      {"noise", fmt::format("{:.4g}", sensed.noise_scale)},
      {"flagged", fmt::format("{:.2f} % of the measurements", 100 * sensed.outlier_fraction)},
  };
  if (sensed.holdout_median > 0)
    list.emplace_back("held out",
                      fmt::format("median residual {:.4g}, {:.4g} of the fitted", sensed.holdout_median, sensed.training_median));
  for (const std::string& warning : sensed.trajectory.warnings) list.emplace_back("warning", warning);
  list.emplace_back("run", fmt::format("{}: {}", to_string(sensed.result.status), sensed.result.message));
  if (sensed.expected_error > 0)
    list.insert(list.begin() + 2, {"error", fmt::format("about {:.2g} of the matrix, by the noise", sensed.expected_error)});
  if (truth) list.emplace_back("truth", fmt::format("relative error {:.3g}", truth->relative_error));
  return list;
}

double unit_of_residuals(const Sensed& sensed) { return std::max(sensed.noise_scale, std::numeric_limits<double>::min()); }

Summary summarise(const Sensed& sensed, const Measurements& data, const SenseOptions& options, double seconds) {
  Summary summary;
  summary.verb = "sense";
  summary.status = sensed.result.status;
  summary.evidence = sensed.evidence;
  summary.rank = sensed.rank;
  summary.outlier_fraction = sensed.outlier_fraction;
  summary.noise_scale = sensed.noise_scale;
  summary.holdout = {{"share", options.holdout},
                     {"median_residual", sensed.holdout_median},
                     {"training_median_residual", sensed.training_median}};
  summary.iterations = sensed.result.iterations;
  summary.sweeps = sensed.sweeps;
  summary.seconds = seconds;
  summary.seed = options.seed;
  summary.settings = options.settings;
  summary.choices = sensed.choices;
  summary.choices.emplace_back("operator", data.operator_name);
  if (!data.storage.empty()) summary.choices.emplace_back("storage", data.storage);
  summary.details["outlier_cut"] = sensed.outlier_cut / unit_of_residuals(sensed);
  summary.details["objective"] = sensed.result.f;
  if (!std::isnan(sensed.expected_error)) summary.details["expected_error"] = sensed.expected_error;
  summary.details["search_rank"] = sensed.search_rank;
  const bool has_tail = sensed.rank < sensed.singular_values.size();
  summary.details["tail"] = has_tail ? sensed.singular_values(sensed.rank) : 0.0;
  summary.details["run_message"] = sensed.result.message;
  return summary;
}

Report make_report(const Sensed& sensed, const Measurements& data, const Summary& summary) {
  Report report;
  report.title =
      fmt::format("{} x {} matrix from {} measurements", data.A->rows(), data.A->cols(), grouped(data.A->measurements()));
  report.subtitle = fmt::format("rank {}, {:.1f} % of the measurements flagged", sensed.rank, 100 * sensed.outlier_fraction);
  report.evidence = sensed.evidence;
  const double scale = unit_of_residuals(sensed);
  std::vector<double> standardised = sensed.residuals;
  for (double& each : standardised) each /= scale;
  report.charts = {convergence_chart(sensed.history), singular_value_chart(sensed.singular_values, sensed.rank),
                   residual_chart(standardised, sensed.outliers, sensed.outlier_cut / scale)};
  const std::vector<Chart> on_its_way = trajectory_charts(sensed.history, sensed.trajectory.trace);
  report.charts.insert(report.charts.begin() + 1, on_its_way.begin(), on_its_way.end());
  report.choices = summary.choices;
  for (const FieldView& field : summary.options) report.choices.emplace_back("--" + field.name, field.value);
  return report;
}

void write_results(RunFolder& folder, const Sensed& sensed, const Summary& summary, const CommonOptions& common, Report report,
                   const Facts& lines) {
  folder.begin_writing();
  write_npy(folder / (sensed.symmetric ? "U.npy" : "L.npy"), sensed.L);
  if (!sensed.symmetric) write_npy(folder / "R.npy", sensed.R);
  write_npy(folder / "outliers.npy", sensed.outliers);
  write_history(folder / "history.csv", sensed.history, sensed.trajectory.trace);
  report.facts = lines;
  write_text(folder / "report.html", render_html(report));
  publish(folder, summary, common, lines);
}

}  // namespace

ExitCode sense_verb(const Arguments& arguments) {
  std::string a_file, y_file;
  SenseOptions options;
  OperatorOptions operator_options;
  CommonOptions common{.out = "gossan-out/sense"};
  LimitOptions limits;
  TruthOption truth_option;
  CheckpointOptions checkpoint_options;
  Parser parser("gossan sense", sense_help, sense_examples);
  parser.input("A.npy", &a_file, "the measurements' matrices or indices");
  parser.input("y.npy", &y_file, "the measured values");
  parser.options("Recovery", options.fields());
  parser.options("Measurements", operator_options.fields());
  parser.options("Truth", truth_option.fields());
  parser.options("Checkpoints", checkpoint_options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  parser.settings(&options.settings, [&] { return part_options(options); });
  parser.shorthand("--f-min", "schedule.f_min", "smallest value of the objective, which the Polyak schedule needs");
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  const Checkpointing checkpoint = checkpointing("sense", checkpoint_options, operator_options.fields(), common.quiet);
  Session session("sense", common.quiet, limits);
  // Where the model is still open, the symmetric one is tried first, on half the data; the whole is read when that does not fit.
  bool symmetric = options.with_parts(true).model != "factor-pair";
  const Storage rough = options.tuning_free() ? Storage::f16 : Storage::f32;
  Measurements data = read_measurements(a_file, y_file, operator_options, {symmetric, rough});
  const auto measuring = [&](bool wanted) -> const Operator& {
    if (wanted != symmetric) {
      symmetric = wanted;
      data.A.reset();
      Measurements again = read_measurements(a_file, y_file, operator_options, {symmetric, rough});
      data.A = std::move(again.A);
      data.storage = std::move(again.storage);
    }
    return *data.A;
  };
  std::optional<Matrix> truth;
  if (!truth_option.truth.empty()) truth = read_true_matrix(truth_option.truth, *data.A);
  RunFolder folder(common.out);

  const double read = session.seconds();
  Watch watch = session.watch();
  if (truth) watch.truth = &*truth;
  watch.checkpoint = checkpoint;
  const Sensed sensed = sense(measuring, data.y, options, watch);
  const double recovery_seconds = session.seconds() - read;
  const ExitCode code = session.finish(sensed.result.status, sensed.evidence.verdict);
  Summary summary = summarise(sensed, data, options, session.seconds());
  summary.details["recovery_seconds"] = recovery_seconds;
  summary.options = parser.values();
  summary.inputs = {{{"file", a_file}, {"rows", data.A->rows()}, {"cols", data.A->cols()}},
                    {{"file", y_file}, {"measurements", data.A->measurements()}}};
  if (!sensed.trajectory.trace.panels.empty())
    summary.details["trajectory"] = trajectory_json(sensed.trajectory, truth.has_value());
  std::optional<MatrixTruth> compared;
  if (truth) {
    compared = compare(*truth, data, sensed);
    summary.inputs.push_back({{"file", truth_option.truth}, {"role", "truth"}});
    summary.details["truth"] = truth_json(*compared);
  }
  write_results(folder, sensed, summary, common, make_report(sensed, data, summary), facts(sensed, data, compared));
  return code;
}

}  // namespace gossan::cli
