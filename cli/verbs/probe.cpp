// gossan probe A.npy y.npy --at U.npy: the landscape at a point.
#include "gossan/probe.hpp"

#include <fmt/format.h>

#include <optional>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/losses.hpp"
#include "gossan/present.hpp"
#include "gossan/table.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"

namespace gossan::cli {
namespace {

constexpr const char* probe_help =
    "Says what the loss looks like at one point: whether it is stationary, whether the loss falls away from it along a "
    "structured "
    "direction (or, of a smooth loss, along the Hessian's lowest one), how sharp it is, and how well the measurements keep "
    "directions (Sign-RIP). A strict saddle is not a wrong answer: with corrupted data the truth itself can be one.\n"
    "The point is a factor U of X = U U^T, a pair of factors of X = L R^T, or with --at-kind matrix X itself. Reads A and y as "
    "gossan "
    "sense does.\n"
    "Writes dU.npy (or dL.npy and dR.npy: the step that was tried), summary.json and report.html.";
constexpr const char* probe_examples =
    "Examples:\n"
    "  gossan probe A.npy y.npy --at X.npy --at-kind matrix --rank 20 --truth X.npy\n"
    "  gossan probe A.npy y.npy --at out/sense/U.npy --cut 0.01\n"
    "  gossan probe A.npy y.npy --at L.npy --at-right R.npy --loss huber --set loss.delta=0.1";

struct PointOptions {
  std::string at, at_right, at_kind = "factor", truth;
  Index rank = 0;
  Fields fields() {
    return {
        {.name = "at", .value = &at, .help = "the point: U (rows x columns) of U U^T, or L of L R^T, or the matrix"},
        {.name = "at_right", .value = &at_right, .help = "R (cols x columns), where the point is a pair of factors"},
        {.name = "at_kind",
         .value = &at_kind,
         .help = "what --at holds; a matrix is factored, as U U^T where it is positive semidefinite",
         .choices = {"factor", "matrix"}},
        {.name = "rank",
         .value = &rank,
         .help = "columns of the factors, those beyond the point's own zero; 0: no more than it has",
         .least = 0,
         .most = 1e6},
        {.name = "truth", .value = &truth, .help = "the true matrix, to set loss and error side by side"},
    };
  }
};

ProbePoint read_point(const PointOptions& options) {
  if (options.at.empty()) throw std::invalid_argument("no point given, expected --at U.npy");
  const Matrix at = read_matrix(options.at);
  const bool whole = options.at_kind == "matrix";
  if (whole && !options.at_right.empty()) throw std::invalid_argument("--at-right is of a pair of factors, --at-kind is matrix");
  ProbePoint point{.L = at};
  if (!options.at_right.empty()) point.R = read_matrix(options.at_right);
  if (!point.symmetric() && point.R.cols() != point.L.cols())
    bad_file(options.at_right, fmt::format("shape ({}, {})", point.R.rows(), point.R.cols()),
             fmt::format("expected {} columns, as many as {} has", point.L.cols(), options.at));
  try {
    if (whole) return factored(at, options.rank);
    return options.rank == 0 ? point : widened(std::move(point), options.rank);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("--rank: {}", error.what()));
  }
}

void check_shapes(const ProbePoint& point, const PointOptions& options, const Operator& A) {
  const auto expect = [](const std::string& file, const Matrix& factor, Index rows) {
    if (factor.rows() != rows)
      bad_file(file, "shape", fmt::format("has {} rows, expected {}, as the measured matrix has", factor.rows(), rows));
  };
  if (point.symmetric() && A.rows() != A.cols())
    throw std::invalid_argument(
        fmt::format("the measurements are of {} x {} matrices, which are no U U^T: expected --at-right", A.rows(), A.cols()));
  expect(options.at, point.L, A.rows());
  if (!point.symmetric()) expect(options.at_right.empty() ? options.at : options.at_right, point.R, A.cols());
}

std::vector<std::string> loss_options(const ProbeOptions& options) {
  std::vector<std::string> names;
  for (const FieldView& field : find(losses(), options.loss, "loss").options) names.push_back("loss." + field.name);
  return names;
}

// The step that was tried: the direction at the largest gamma.
void write_step(const RunFolder& folder, const Probe& found) {
  const Params* direction = found.direction ? &found.direction->direction : (found.hessian ? &found.hessian->direction : nullptr);
  if (direction == nullptr) return;
  const double gamma = (found.direction ? found.direction->differences : found.hessian->differences).front().gamma;
  for (const Block& block : *direction) write_npy(folder / ("d" + block.name + ".npy"), Matrix(gamma * block.value));
}

}  // namespace

ExitCode probe_verb(const Arguments& arguments) {
  std::string a_file, y_file;
  PointOptions point_options;
  ProbeOptions options;
  OperatorOptions operator_options{.spelled = option_name};
  CommonOptions common{.out = "gossan-out/probe"};
  LimitOptions limits;
  Parser parser("gossan probe", probe_help, probe_examples);
  parser.input("A.npy", &a_file, "the measurements' matrices or indices");
  parser.input("y.npy", &y_file, "the measured values");
  parser.options("Point", point_options.fields());
  parser.options("Probe", options.fields());
  parser.options("Measurements", operator_options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  parser.settings(&options.settings, [&] { return loss_options(options); });
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  Session session("probe", common.quiet, limits);
  const ProbePoint point = read_point(point_options);
  // Not symmetrised, even where the point is: Sign-RIP is of the whole matrices.
  const Measurements data = read_measurements(a_file, y_file, operator_options, {});
  check_shapes(point, point_options, *data.A);
  std::optional<Matrix> truth;
  if (!point_options.truth.empty()) truth = read_true_matrix(point_options.truth, *data.A);
  RunFolder folder(common.out);
  const Probe found = probe(*data.A, data.y, point, truth ? &*truth : nullptr, options, session.watch());
  RunRecord record = parser.record();
  record.seconds = session.seconds();
  const ExitCode code = session.finish(found.status, Verdict::trusted);  // what the landscape is like is neither good nor bad
  record.inputs = {{a_file}, {y_file}, {point_options.at, "point"}};
  if (!point_options.at_right.empty()) record.inputs.push_back({point_options.at_right, "point"});
  if (truth) record.inputs.push_back({point_options.truth, "truth"});
  const ProbeRun run{*data.A, options, found, point.symmetric(), data.operator_name, data.storage};
  folder.begin_writing();
  write_step(folder, found);
  publish(folder, present(run, record), common, {.time = fmt::format("{:.2f} s", record.seconds)});
  return code;
}

}  // namespace gossan::cli
