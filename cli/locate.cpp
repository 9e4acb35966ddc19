// gossan locate distances.csv: points from pairwise distances.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "common.hpp"
#include "gossan/io.hpp"
#include "locate_output.hpp"
#include "parser.hpp"
#include "session.hpp"

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

using Facts = std::vector<std::pair<std::string, std::string>>;

Json undetermined(const LocateRun& run) {
  Json list = Json::array();
  for (Index i = 0; i < run.data.pairs.points; ++i) {
    if (run.placed(i)) continue;
    Json point = {{"id", run.id(i)}};
    if (const std::string name = run.name(i); !name.empty()) point["name"] = name;
    list.push_back(std::move(point));
  }
  return list;
}

// The points whose place relative to the largest rigid piece nothing fixes.
Json apart(const LocateRun& run) {
  Json list = Json::array();
  for (Index i = 0; i < run.data.pairs.points; ++i) {
    const Index piece = run.located.component[static_cast<std::size_t>(i)];
    if (piece <= 0) continue;
    Json point = {{"id", run.id(i)}, {"piece", piece}};
    if (const std::string name = run.name(i); !name.empty()) point["name"] = name;
    list.push_back(std::move(point));
  }
  return list;
}

// Sizes of the rigid pieces, number 0 first.
std::vector<Index> piece_sizes(const Located& located) {
  std::vector<Index> sizes;
  for (const Index piece : located.component) {
    if (piece < 0) continue;
    const auto k = static_cast<std::size_t>(piece);
    if (k >= sizes.size()) sizes.resize(k + 1, 0);
    sizes[k] += 1;
  }
  return sizes;
}

Json truth_json(const LocateRun& run) {
  const TruthReport& report = *run.compared;
  const std::string unit = run.spherical() ? "_km" : "";
  return {{"median_error" + unit, report.median},
          {"p99_error" + unit, report.p99},
          {"max_error" + unit, report.max},
          {"compared_points", report.compared},
          {"lies_flagged", report.flags.wrong_flagged},
          {"honest_flagged", report.flags.honest_flagged},
          {"lies", report.flags.wrong},
          {"honest", report.flags.honest},
          {"lie_tolerance" + unit, report.flags.tolerance}};
}

// Steps of all runs together: a row with no larger k than the one before it starts another run.
Index steps(const History& history) {
  Index sum = 0, last = 0;
  std::string phase;
  for (const HistoryRow& row : history) {
    if (row.phase != phase || row.k <= last) sum += last;
    last = row.k;
    phase = row.phase;
  }
  return sum + last;
}

Summary summarise(const LocateRun& run, const std::string& input, const std::string& truth, double seconds) {
  const Located& located = run.located;
  Summary summary;
  summary.verb = "locate";
  summary.inputs.push_back(
      {{"file", input}, {"points", run.data.pairs.points}, {"pairs", static_cast<Index>(run.data.pairs.distance.size())}});
  if (!truth.empty()) summary.inputs.push_back({{"file", truth}, {"role", "truth"}});
  summary.status = located.status;
  summary.evidence = located.evidence;
  summary.rank = located.rank;
  summary.outlier_fraction = located.outlier_fraction;
  summary.noise_scale = located.noise_scale;
  summary.holdout = {{"share", run.options.holdout},
                     {"consistent", located.holdout_consistent},
                     {"training_consistent", located.training_consistent}};
  summary.iterations = steps(located.history);
  summary.sweeps = located.sweeps;
  summary.seconds = seconds;
  summary.seed = run.options.seed;
  summary.choices = located.choices;
  if (!run.data.columns.empty()) summary.choices.emplace_back("columns", run.data.columns);
  summary.details["noise_law"] = located.noise_law;
  summary.details["outlier_cut"] = located.outlier_cut;
  summary.details["undetermined"] = undetermined(run);
  summary.details["components"] = piece_sizes(located);
  summary.details["apart"] = apart(run);
  if (run.compared) summary.details["truth"] = truth_json(run);
  return summary;
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

Facts facts(const LocateRun& run) {
  const Located& located = run.located;
  const auto left_out = std::count(located.placement.begin(), located.placement.end(), Placement::undetermined);
  const auto pieces = piece_sizes(located).size();
  Facts list = {
      {"points", fmt::format("{}, {} of them undetermined, in {} rigid piece{}", grouped(run.data.pairs.points),
                             grouped(left_out), pieces, pieces == 1 ? "" : "s")},
      {"rank", fmt::format("{}", located.rank)},
      {"noise", fmt::format("{:.3g}{} ({})", located.noise_scale, run.spherical() ? " km" : "", located.noise_law)},
      {"flagged", fmt::format("{} of {} distances", percent(located.outlier_fraction),
                              grouped(static_cast<Index>(run.data.pairs.distance.size())))},
      {"held out",
       fmt::format("{} consistent, {} of the fitted", percent(located.holdout_consistent), percent(located.training_consistent))},
  };
  if (!run.compared) return list;
  const TruthReport& truth = *run.compared;
  const std::string unit = run.spherical() ? " km" : "";
  list.emplace_back("truth", fmt::format("median error {:.3g}{}, 99 % within {:.3g}{}, all within {:.3g}{}", truth.median, unit,
                                         truth.p99, unit, truth.max, unit));
  list.emplace_back("lies", fmt::format("{} of {} flagged; {} of the honest", percent(truth.flags.wrong_flagged),
                                        grouped(truth.flags.wrong), percent(truth.flags.honest_flagged)));
  return list;
}

// The options were checked when they were parsed: what locate() still refuses is the file's fault.
Located recover_points(const NamedDistances& data, const std::string& input, const LocateOptions& options,
                       const Session& session) {
  try {
    return locate(data.pairs, options, session.watch());
  } catch (const std::invalid_argument& error) {
    bad_file(input, "the whole file", error.what());
  }
}

void write_results(RunFolder& folder, const LocateRun& run, const Summary& summary, const CommonOptions& common) {
  folder.begin_writing();
  write_text(folder / "points.csv", points_csv(run));
  write_npy(folder / "U.npy", placed_points(run));
  write_npy(folder / "outliers.npy", run.located.outliers);
  write_text(folder / "flagged.csv", flagged_csv(run));
  write_history(folder / "history.csv", run.located.history);
  Report report = locate_report(run, summary);
  report.facts = facts(run);
  write_text(folder / "report.html", render_html(report));
  publish(folder, summary, common, facts(run));
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
  const double seconds = session.seconds();
  std::optional<TruthReport> compared;
  if (truth) compared = compare(*truth, data, located, options);
  const LocateRun run{data, options, located, truth, compared};
  Summary summary = summarise(run, input, truth_option.truth, seconds);
  summary.options = parser.values();
  write_results(folder, run, summary, common);
  return code;
}

}  // namespace gossan::cli
