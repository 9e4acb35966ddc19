// gossan reproduce: the figures and tables of papers.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "gossan/reproduction.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"

namespace gossan::cli {
namespace {

constexpr const char* run_help =
    "Runs what a figure or table of a paper reports, on instances drawn anew, and puts the paper's numbers beside its own. "
    "NAME is one of gossan reproduce list, all, or a .toml file of your own (docs/reproduce.md).\n"
    "Writes report.html, cells.csv (a line a run), courses.csv (error and loss by step) and reproduce.json, for each name into a "
    "folder of its own. Exit code 4: a number comes out otherwise than the experiment's expected.json says.";
constexpr const char* run_examples =
    "Examples:\n"
    "  gossan reproduce run ma-fattahi-2023/figure-1a\n"
    "  gossan reproduce run all --small --out out/papers\n"
    "  gossan reproduce run my-experiment.toml";

struct RunOptions {
  bool small = false;
  Fields fields() {
    return {{.name = "small", .value = &small, .help = "fewer trials and places, where an experiment says which"}};
  }
};

struct Done {
  std::string name;
  std::string summary = {};  // reproduce.json
  Evidence evidence;
  Status status = Status::converged;
  std::vector<Compared> compared;
  double seconds = 0;
};

Reproduction find_reproduction(const std::string& name, bool small) {
  try {
    return read_reproduction(name, small);
  } catch (const std::invalid_argument& unknown) {
    throw std::invalid_argument(fmt::format("{} See gossan reproduce list; a file of your own ends in .toml", unknown.what()));
  }
}

Done reproduce(const std::string& name, bool small, const std::filesystem::path& out, const Session& session) {
  const double start = session.seconds();
  const Reproduction reproduction = find_reproduction(name, small);
  RunFolder folder((out / reproduction.name).string());
  Watch watch = session.watch();
  watch.progress = [&](std::string_view, double fraction) { session.watch().progress(reproduction.name, fraction); };
  const Experimented result = run_experiment(reproduction.experiment, watch);

  const ReproductionRun run{reproduction, result};
  Done done{.name = reproduction.name,
            .evidence = outcome(run),
            .status = result.status,
            .compared = compare(reproduction, result.cells),
            .seconds = session.seconds() - start};
  const Presentation shown = present(run, {.seconds = done.seconds});
  done.summary = shown.summary;
  folder.begin_writing("reproduce.json");
  write_text(folder / "cells.csv", cells_csv(reproduction, result.cells));
  write_text(folder / "courses.csv", courses_csv(reproduction, result.cells));
  write_text(folder / "report.html", render_html(shown.page));
  write_text(folder / "reproduce.json", shown.summary);
  return done;
}

void print_for_people(const Done& done, const std::filesystem::path& out) {
  fmt::print("{:<40} {:>6.1f} s  {}\n", done.name, done.seconds, done.evidence.message);
  for (const Compared& each : done.compared) {
    if (!each.surprise()) continue;
    const Expected& e = each.expected;
    fmt::print("    {} {} {}: the paper has {:.3g}, here {:.3g}\n", e.series, e.point, e.quantity, e.paper, each.ours);
  }
  fmt::print("    {}\n", (out / done.name / "report.html").string());
}

ExitCode run_verb(const Arguments& arguments) {
  std::string name;
  RunOptions options;
  CommonOptions common{.out = "gossan-out/reproduce"};
  LimitOptions limits;
  Parser parser("gossan reproduce run", run_help, run_examples);
  parser.input("NAME", &name, "what to reproduce, or all");
  parser.options("Reproduction", options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  const std::vector<std::string> names = name == "all" ? reproduction_names() : std::vector<std::string>{name};
  Session session("reproduce", common.quiet, limits);
  Verdict worst = Verdict::trusted;
  Status status = Status::converged;
  std::vector<std::string> summaries;
  for (const std::string& each : names) {
    const Done done = reproduce(each, options.small, common.out, session);
    worst = std::max(worst, done.evidence.verdict);
    status = done.status;
    summaries.push_back(done.summary);
    const bool said = !common.json && !common.quiet;
    if (said) print_for_people(done, common.out);
    if (!said && done.evidence.verdict != Verdict::trusted)
      fmt::print(stderr, "gossan reproduce: {}: {}\n", done.name, done.evidence.message);
    if (status != Status::converged) break;
  }
  const ExitCode code = session.finish(status, worst);
  if (common.json) fmt::print("{}", reproductions_json(summaries));
  return code;
}

ExitCode list_verb(const Arguments& arguments) {
  if (!arguments.empty()) throw std::invalid_argument(fmt::format("unexpected argument '{}'", arguments.front()));
  for (const std::string& name : reproduction_names()) fmt::print("{:<40} {}\n", name, reproduction_title(name));
  return recovered;
}

const std::vector<Verb>& actions() {
  static const std::vector<Verb> table = {
      {"list", "what can be reproduced", list_verb},
      {"run", "one of them, or all", run_verb},
  };
  return table;
}

}  // namespace

ExitCode reproduce_verb(const Arguments& arguments) {
  const std::string usage =
      "Usage: gossan reproduce list\n       gossan reproduce run NAME|all [--option value] [--out DIR]\n\n" +
      list_verbs(actions());
  return run_named(actions(), "action", usage, arguments);
}

}  // namespace gossan::cli
