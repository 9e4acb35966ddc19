// gossan plan: how many measurements to collect.
#include "gossan/plan.hpp"

#include <fmt/format.h>

#include <cmath>

#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "gossan/report.hpp"
#include "parse/common.hpp"
#include "parse/parser.hpp"
#include "run/publish.hpp"
#include "run/run_folder.hpp"
#include "run/session.hpp"

namespace gossan::cli {
namespace {

constexpr const char* plan_help =
    "Says how many measurements gossan sense needs to recover a low-rank matrix, before they are collected: by simulation, at "
    "ever "
    "more measurements, of instances with the rank, noise and share of wrong ones that are expected. None of these is told to "
    "the recovery.\n"
    "Success is a relative error below 1e-3 and the right rank; with noise, an error of at most 1.5 times that of least squares "
    "which is told the rank and the wrong measurements.\n"
    "Writes plan.csv (the curve), report.html and plan.json.";
constexpr const char* plan_examples =
    "Examples:\n"
    "  gossan plan --rows 20 --rank 2 --corruption 0.2\n"
    "  gossan plan --rows 100 --rank 3 --corruption 0.3 --noise 0.01 --out out/plan\n"
    "  gossan plan --rows 40 --cols 30 --rank 2 --kind sign-flip --success 0.9 --trials 50";

// A bar a point.
std::string drawn(const Plan& plan) {
  constexpr int width = 30;
  std::string text = "  measurements  recovered\n";
  for (const PlanPoint& point : plan.points) {
    const double share = static_cast<double>(point.successes) / static_cast<double>(point.trials);
    const auto bar = static_cast<std::size_t>(std::lround(width * share));
    text += fmt::format("  {:>12}  {:>3} of {:>3}  {}\n", grouped(point.measurements), point.successes, point.trials,
                        std::string(bar, '#'));
  }
  return text;
}

}  // namespace

ExitCode plan_verb(const Arguments& arguments) {
  PlanOptions options;
  CommonOptions common{.out = "gossan-out/plan"};
  LimitOptions limits;
  Parser parser("gossan plan", plan_help, plan_examples);
  parser.options("Plan", options.fields());
  parser.options("Common", common.fields());
  parser.options("Common", limits.fields());
  if (!parser.parse(arguments)) return recovered;

  apply(common);
  Session session("plan", common.quiet, limits);
  RunFolder folder(common.out);
  const Plan plan = plan_sensing(options, session.watch());
  const ExitCode code = session.finish(plan.status, plan.evidence.verdict);
  RunRecord record = parser.record();
  record.seconds = session.seconds();
  write_text(folder / "plan.csv", plan_csv(plan));
  publish(folder, present(PlanRun{options, plan}, record), common,
          {.file = "plan.json", .drawing = drawn(plan), .time = fmt::format("{:.2f} s", record.seconds)});
  return code;
}

}  // namespace gossan::cli
