// gossan rpca Y: a low-rank matrix from a table with gross errors and holes.
#include "gossan/rpca.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "gossan/apply.hpp"
#include "gossan/compare.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"
#include "verbs/rpca_frames.hpp"

namespace gossan::cli {
namespace {

constexpr const char* rpca_help =
    "Robust PCA: the low-rank matrix under a table of which some entries are grossly wrong and some are missing (NaN). Nothing "
    "is told: "
    "not the rank, the noise, or how much is wrong. Reads .npy, .npz, .csv, .mtx (what has no entry is missing) or .mat; or a "
    "video or a folder of images, as a column a frame.\n"
    "Writes L.npy and R.npy (X = L R^T), outliers.npy, model.npz for `gossan apply`, history.csv, summary.json and report.html; "
    "--sparse adds sparse.npz. Of frames also background, foreground and mask, as a video or as images.";
constexpr const char* rpca_examples =
    "Examples:\n"
    "  gossan rpca table.csv --out out/rpca\n"
    "  gossan rpca data.mat --variable Y --sparse\n"
    "  gossan rpca street.avi --stride 4 --scale 0.5\n"
    "  gossan rpca Y.npy --method pcp --truth X.npy";

struct TableOptions {
  std::string variable;
  std::string truth;
  bool sparse = false;
  bool low_rank = false;
  Index memory_limit = 0;  // 10^6 bytes; 0: the machine's
  Fields fields() {
    return {{.name = "variable", .value = &variable, .help = "which array of an .npz or .mat file"},
            {.name = "truth", .value = &truth, .help = "the true matrix, to measure the error by; nothing else uses it"},
            {.name = "sparse",
             .value = &sparse,
             .help = "write sparse.npz as well: row, col and value of what is flagged, and shape"},
            {.name = "low_rank", .value = &low_rank, .help = "write X.npy as well, the whole L R^T"},
            {.name = "memory_limit",
             .value = &memory_limit,
             .help = "refuse what would take more than this many million bytes; 0: than the machine has",
             .least = 0}};
  }
};

// What a run will take, told before it begins.
void announce(double held, const RpcaCost& cost, const TableFile& file, Index limit, bool quiet) {
  constexpr double megabyte = 1e6;
  if (!quiet)
    fmt::print(stderr, "preflight: {} x {} table, {:.3g} MB held and {:.3g} MB workspace, {}\n", file.table.rows, file.table.cols,
               held / megabyte, cost.workspace / megabyte,
               cost.seconds < 1 ? std::string("under a second") : fmt::format("about {:.0f} s", cost.seconds));
  const double machine = static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGE_SIZE));
  const double most = limit > 0 ? megabyte * static_cast<double>(limit) : machine;
  const double needed = held + cost.workspace;
  if (needed <= most) return;
  throw std::invalid_argument(fmt::format(
      "rpca: a {} x {} table takes {:.0f} MB with its workspace, and {} {:.0f} MB; a part of its rows, or of its columns, "
      "has the same rank",
      file.table.rows, file.table.cols, std::ceil(needed / megabyte), limit > 0 ? "--memory-limit is" : "this machine has",
      std::floor(most / megabyte)));
}

Matrix read_truth(const std::string& name, const TableRows& table) {
  Matrix truth = read_matrix(name);
  if (truth.rows() != table.rows || truth.cols() != table.cols)
    bad_file(name, "shape", fmt::format("expected a {} x {} matrix", table.rows, table.cols));
  if (truth.isZero(0)) bad_file(name, "", "is all zero, expected a matrix that an error can be measured against");
  return truth;
}

void write_answer(RunFolder& folder, const RpcaRun& run, const TableOptions& options) {
  folder.begin_writing("summary.json", {"model.npz", "sparse.npz", "X.npy"});
  write_npy(folder / "L.npy", run.found.L);
  write_npy(folder / "R.npy", run.found.R);
  const std::vector<Index> shape = {run.table.rows, run.table.cols};
  write_npy_mask(folder / "outliers.npy", run.found.outliers, shape);
  if (run.found.rank > 0) write_model(folder / "model.npz", low_rank_model(run.found, run.table));
  if (options.sparse) write_npz(folder / "sparse.npz", sparse_part(run));
  if (options.low_rank) write_npy(folder / "X.npy", Matrix(run.found.L * run.found.R.transpose()));
  write_text(folder / "history.csv", history_csv(run.found.history));
}

}  // namespace

ExitCode rpca_verb(const Arguments& arguments) {
  std::string file;
  RpcaOptions options;
  TableOptions table_options;
  FramesOptions frames_options;
  CommonOptions common{.out = "gossan-out/rpca"};
  LimitOptions limits;
  Parser parser("gossan rpca", rpca_help, rpca_examples);
  parser.input("Y", &file, "the table, video or folder of images");
  parser.options("Recovery", options.fields());
  parser.options("Table", table_options.fields());
  parser.options("Frames", frames_options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  Session session("rpca", common.quiet, limits);
  std::optional<LoadedFrames> frames;
  TableFile table;
  if (names_frames(file)) {
    frames = read_frames(file, frames_options, static_cast<std::uint64_t>(table_options.memory_limit) * 1000000);
    table = {.table = table_of(frames->frames), .streams = true};
    if (options.method == "auto") options.method = "rank-path";
    if (!frames->source.notice.empty() && !common.quiet) fmt::print(stderr, "gossan rpca: {}\n", frames->source.notice);
  } else {
    for (const FieldView& field : view(frames_options.fields()))
      for (const FieldView& usual : view(FramesOptions().fields()))
        if (field.name == usual.name && field.value != usual.value)
          throw std::invalid_argument(
              fmt::format("option '{}': is for a video or a folder of images, and {} is neither", field.name, file));
    table = read_table(file, table_options.variable);
  }
  std::optional<Matrix> truth;
  if (!table_options.truth.empty()) truth = read_truth(table_options.truth, table.table);
  double held = table.streams ? 0 : 8 * static_cast<double>(table.table.rows) * static_cast<double>(table.table.cols);
  if (frames) held = static_cast<double>(frames->frames.bytes.size());
  announce(held, rpca_cost(table.table.rows, table.table.cols, options.method), table, table_options.memory_limit, common.quiet);
  RunFolder folder(common.out);

  const double read = session.seconds();
  const Decomposed found = rpca(table.table, options, session.watch());
  RunRecord record = parser.record();
  record.recovery_seconds = session.seconds() - read;
  const ExitCode code = session.finish(found.status, found.evidence.verdict);
  record.seconds = session.seconds();
  record.inputs = {{file}};
  RpcaRun run{table.table, options, found, held};
  if (truth) {
    record.inputs.push_back({table_options.truth, "truth"});
    run.compared = compare(*truth, table.table, found);
  }
  write_answer(folder, run, table_options);
  if (frames) {
    run.frames = &*frames;
    record.notices = write_frame_answer(folder, *frames, found);
  }
  publish(folder, present(run, record), common, {.time = time_and_sweeps(record, found.sweeps)});
  return code;
}

}  // namespace gossan::cli
