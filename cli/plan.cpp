// gossan plan: how many measurements to collect.
#include "gossan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "common.hpp"
#include "gossan/io.hpp"
#include "gossan/report.hpp"
#include "parser.hpp"
#include "run_folder.hpp"
#include "session.hpp"
#include "summary.hpp"
#include "versions.hpp"

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

using Facts = std::vector<std::pair<std::string, std::string>>;

double share_of(const PlanPoint& point) { return static_cast<double>(point.successes) / static_cast<double>(point.trials); }

double side(const PlanOptions& options) { return static_cast<double>(std::max(options.rows, options.cols)); }

double per_unknown(const Plan& plan) { return plan.curve.measurements / static_cast<double>(plan.unknowns); }

double per_side_and_rank(const Plan& plan, const PlanOptions& options) {
  return plan.curve.measurements / (side(options) * static_cast<double>(options.rank));
}

std::string count_text(double n) { return grouped(static_cast<Index>(std::ceil(n))); }

std::string csv(const Plan& plan) {
  std::string text = "measurements,trials,successes,trusted,median_error,fitted\n";
  for (const PlanPoint& point : plan.points) {
    text += csv_line({fmt::format("{}", point.measurements), fmt::format("{}", point.trials), fmt::format("{}", point.successes),
                      fmt::format("{}", point.trusted), csv_number(point.median_error),
                      csv_number(plan.curve(static_cast<double>(point.measurements)))});
  }
  return text;
}

// Not finite: null.
Json rounded_up(double n) { return std::isfinite(n) ? Json(static_cast<Index>(std::ceil(n))) : Json(); }
Json to_json(const Plan& plan, const PlanOptions& options, const Parser& parser, double seconds) {
  Json points = Json::array();
  for (const PlanPoint& point : plan.points) {
    points.push_back({{"measurements", point.measurements},
                      {"trials", point.trials},
                      {"successes", point.successes},
                      {"trusted", point.trusted},
                      {"median_error", number_or_null(point.median_error)},
                      {"fitted", number_or_null(plan.curve(static_cast<double>(point.measurements)))}});
  }
  return {{"schema_version", 1},
          {"verb", "plan"},
          {"status", to_string(plan.status)},
          {"verdict", to_string(plan.evidence.verdict)},
          {"message", plan.evidence.message},
          {"measurements", rounded_up(plan.curve.measurements)},
          {"interval", {rounded_up(plan.curve.lower), rounded_up(plan.curve.upper)}},
          {"unknowns", plan.unknowns},
          {"per_unknown", number_or_null(per_unknown(plan))},
          {"per_side_and_rank", number_or_null(per_side_and_rank(plan, options))},
          {"points", points},
          {"seconds", seconds},
          {"options", option_values(parser.values())},
          {"version", version()}};
}

Facts facts(const Plan& plan, const PlanOptions& options) {
  const Index cols = options.cols == 0 ? options.rows : options.cols;
  Facts list = {{"matrix", fmt::format("{} x {}{} of rank {}: {} unknowns", options.rows, cols,
                                       options.cols == 0 ? " symmetric" : "", options.rank, grouped(plan.unknowns))},
                {"data", fmt::format("{} entries, {:.4g} % wrong ({}), noise {:.4g}", options.ensemble, 100 * options.corruption,
                                     options.kind, options.noise)}};
  if (std::isfinite(plan.curve.measurements)) {
    list.emplace_back("ratios", fmt::format("{:.3g} per unknown, {:.3g} per row and rank", per_unknown(plan),
                                            per_side_and_rank(plan, options)));
  }
  return list;
}

Chart success_chart(const Plan& plan) {
  Chart chart{.title = "Success", .x_label = "measurements", .y_label = "share of trials recovered"};
  Curve seen{.name = "simulated"}, fitted{.name = "fitted"};
  for (const PlanPoint& point : plan.points) {
    const auto n = static_cast<double>(point.measurements);
    seen.x.push_back(n);
    seen.y.push_back(share_of(point));
    chart.text += fmt::format("{} of {} with {}. ", point.successes, point.trials, grouped(point.measurements));
  }
  chart.curves.push_back(seen);
  if (plan.points.empty()) chart.text = "No point was finished.";
  if (!std::isfinite(plan.curve.measurements)) return chart;
  constexpr int steps = 100;
  for (int k = 0; k <= steps; ++k) {
    fitted.x.push_back(seen.x.front() + (seen.x.back() - seen.x.front()) * k / steps);
    fitted.y.push_back(plan.curve(fitted.x.back()));
  }
  chart.curves.push_back(fitted);
  chart.cuts = {plan.curve.measurements};
  chart.cut_labels = {fmt::format("{:.4g} %", 100 * plan.curve.share)};
  return chart;
}

Report make_report(const Plan& plan, const PlanOptions& options, const Parser& parser) {
  Report report;
  report.title = std::isfinite(plan.curve.measurements) ? fmt::format("{} measurements", count_text(plan.curve.measurements))
                                                        : "Not enough measurements found";
  report.subtitle = facts(plan, options).front().second;
  report.evidence = plan.evidence;
  report.facts = facts(plan, options);
  report.charts = {success_chart(plan)};
  for (const FieldView& field : parser.values()) report.choices.emplace_back("--" + field.name, field.value);
  return report;
}

void print_for_people(const Plan& plan, const PlanOptions& options, const RunFolder& folder, double seconds) {
  constexpr int width = 30;
  fmt::print("plan: {}\n  {}\n", to_string(plan.evidence.verdict), plan.evidence.message);
  for (const auto& [name, value] : facts(plan, options)) fmt::print("  {:<12}{}\n", name, value);
  fmt::print("  measurements  recovered\n");
  for (const PlanPoint& point : plan.points) {
    const auto bar = static_cast<std::size_t>(std::lround(width * share_of(point)));
    fmt::print("  {:>12}  {:>3} of {:>3}  {}\n", grouped(point.measurements), point.successes, point.trials,
               std::string(bar, '#'));
  }
  fmt::print("  {:<12}{:.2f} s\n  {:<12}{}\n", "time", seconds, "report", (folder / "report.html").string());
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
  const double seconds = session.seconds();

  write_text(folder / "plan.csv", csv(plan));
  write_text(folder / "report.html", render_html(make_report(plan, options, parser)));
  const std::string json = json_text(to_json(plan, options, parser, seconds));
  write_text(folder / "plan.json", json);
  if (common.json) fmt::print("{}", json);
  if (!common.json && !common.quiet) print_for_people(plan, options, folder, seconds);
  const bool said = !common.json && !common.quiet;
  if (!said && plan.evidence.verdict != Verdict::trusted)
    fmt::print(stderr, "gossan plan: {}: {}\n", to_string(plan.evidence.verdict), plan.evidence.message);
  return code;
}

}  // namespace gossan::cli
