// gossan sense A.npy y.npy: a matrix from linear measurements.
#include "gossan/sense.hpp"

#include <optional>

#include "gossan/compare.hpp"
#include "gossan/init.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/penalties.hpp"
#include "gossan/present.hpp"
#include "parse/checkpoint_options.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"

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
  if (options.penalty != "none") add_names(names, "penalty", penalties(), options.penalty, "penalty");
  return names;
}

void write_answer(RunFolder& folder, const Sensed& sensed) {
  folder.begin_writing();
  write_npy(folder / (sensed.symmetric ? "U.npy" : "L.npy"), sensed.L);
  if (!sensed.symmetric) write_npy(folder / "R.npy", sensed.R);
  write_npy(folder / "outliers.npy", sensed.outliers);
  write_text(folder / "history.csv", history_csv(sensed.history, sensed.trajectory.trace));
}

}  // namespace

ExitCode sense_verb(const Arguments& arguments) {
  std::string a_file, y_file;
  SenseOptions options;
  OperatorOptions operator_options{.spelled = option_name};
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
  RunRecord record = parser.record();
  record.recovery_seconds = session.seconds() - read;
  const ExitCode code = session.finish(sensed.result.status, sensed.evidence.verdict);
  record.seconds = session.seconds();
  record.inputs = {{a_file}, {y_file}};
  SenseRun run{*data.A, options, sensed, {}, data.operator_name, data.storage};
  if (truth) {
    record.inputs.push_back({truth_option.truth, "truth"});
    run.compared = compare(*truth, *data.A, data.y, sensed);
  }
  write_answer(folder, sensed);
  publish(folder, present(run, record), common, {.time = time_and_sweeps(record, sensed.sweeps)});
  return code;
}

}  // namespace gossan::cli
