// gossan locate distances.csv: points from pairwise distances.
#include "gossan/locate.hpp"

#include <optional>
#include <stdexcept>

#include "gossan/compare.hpp"
#include "gossan/inputs.hpp"
#include "gossan/io.hpp"
#include "gossan/observers.hpp"
#include "gossan/present.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"

namespace gossan::cli {
namespace {

constexpr const char* locate_help =
    "Recovers points from pairwise distances, some of which are lies. Reads a CSV with the columns i, j, distance; ids are "
    "integers "
    "(points in numerical order) or any text (in the order of its bytes).\n"
    "Writes points.csv, U.npy (coordinates), outliers.npy (one yes/no a pair), flagged.csv, history.csv, summary.json and "
    "report.html.";
constexpr const char* locate_examples =
    "Examples:\n"
    "  gossan locate distances.csv --out out/points\n"
    "  gossan locate flights.csv --metric great-circle --truth cities.csv --out out/world\n"
    "  gossan locate distances.csv --rank 2 --time-limit 60 --json";

struct TrueMapOption {
  std::string truth;
  Fields fields() {
    return {{.name = "truth",
             .value = &truth,
             .help =
                 "CSV of the true points, to measure errors by: latitude, longitude or x1, x2, ...; rows in the order of integer "
                 "ids from 0, or with a column id or name"}};
  }
};

// The options were checked when they were parsed: what locate() still refuses is the file's fault.
Located recover_points(const NamedDistances& data, const std::string& input, const LocateOptions& options,
                       const Session& session) {
  try {
    return locate(data.pairs, options, session.watch());
  } catch (const std::invalid_argument& error) {
    bad_file(input, "the whole file", error.what());
  }
}

void write_answer(RunFolder& folder, const LocateRun& run) {
  folder.begin_writing();
  write_text(folder / "points.csv", points_csv(run));
  write_npy(folder / "U.npy", placed_points(run));
  write_npy(folder / "outliers.npy", run.located.outliers);
  write_text(folder / "flagged.csv", flagged_pairs_csv(run));
  write_text(folder / "history.csv", history_csv(run.located.history));
}

}  // namespace

ExitCode locate_verb(const Arguments& arguments) {
  std::string input;
  LocateOptions options;
  CommonOptions common{.out = "gossan-out/locate"};
  LimitOptions limits;
  TrueMapOption truth_option;
  Parser parser("gossan locate", locate_help, locate_examples);
  parser.input("distances.csv", &input, "pairs with their distances");
  parser.options("Recovery", options.fields());
  parser.options("Truth", truth_option.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  Session session("locate", common.quiet, limits);
  const NamedDistances data = read_distances(input);
  std::optional<TruePoints> truth;
  if (!truth_option.truth.empty()) truth = read_true_points(truth_option.truth, data, options);
  RunFolder folder(common.out);

  const Located located = recover_points(data, input, options, session);
  const ExitCode code = session.finish(located.status, located.evidence.verdict);
  RunRecord record = parser.record();
  record.seconds = session.seconds();
  record.inputs = {{input}};
  LocateRun run{.pairs = data.pairs, .options = options, .located = located, .ids = data.ids, .columns = data.columns};
  if (truth) {
    record.inputs.push_back({truth_option.truth, "truth"});
    run.names = truth->names;
    run.compared = compare(truth->points, data.pairs, located, options);
    run.truth = run.spherical() ? &truth->latitude_longitude : &truth->points;
  }
  write_answer(folder, run);
  publish(folder, present(run, record), common, {.time = time_and_sweeps(record, located.sweeps)});
  return code;
}

}  // namespace gossan::cli
