#include "gossan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/io.hpp"
#include "present/account.hpp"

namespace gossan {
namespace {

double share_of(const PlanPoint& point) { return static_cast<double>(point.successes) / static_cast<double>(point.trials); }

double side(const PlanOptions& options) { return static_cast<double>(std::max(options.rows, options.cols)); }

double per_unknown(const Plan& plan) { return plan.curve.measurements / static_cast<double>(plan.unknowns); }

double per_side_and_rank(const Plan& plan, const PlanOptions& options) {
  return plan.curve.measurements / (side(options) * static_cast<double>(options.rank));
}

// Not finite: null.
Json rounded_up(double n) { return std::isfinite(n) ? Json(static_cast<Index>(std::ceil(n))) : Json(); }

Json plan_json(const Plan& plan, const PlanOptions& options, const RunRecord& record) {
  Json points = Json::array();
  for (const PlanPoint& point : plan.points) {
    points.push_back({{"measurements", point.measurements},
                      {"trials", point.trials},
                      {"successes", point.successes},
                      {"trusted", point.trusted},
                      {"median_error", point.median_error},
                      {"fitted", plan.curve(static_cast<double>(point.measurements))}});
  }
  return {{"schema_version", schema_version},
          {"verb", "plan"},
          {"status", to_string(plan.status)},
          {"verdict", to_string(plan.evidence.verdict)},
          {"message", plan.evidence.message},
          {"measurements", rounded_up(plan.curve.measurements)},
          {"interval", {rounded_up(plan.curve.lower), rounded_up(plan.curve.upper)}},
          {"unknowns", plan.unknowns},
          {"per_unknown", per_unknown(plan)},
          {"per_side_and_rank", per_side_and_rank(plan, options)},
          {"points", points},
          {"seconds", record.seconds},
          {"options", options_json(record)},
          {"version", version()}};
}

Facts plan_facts(const Plan& plan, const PlanOptions& options) {
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

}  // namespace

std::string plan_csv(const Plan& plan) {
  std::string text = "measurements,trials,successes,trusted,median_error,fitted\n";
  for (const PlanPoint& point : plan.points) {
    text += csv_line({fmt::format("{}", point.measurements), fmt::format("{}", point.trials), fmt::format("{}", point.successes),
                      fmt::format("{}", point.trusted), csv_number(point.median_error),
                      csv_number(plan.curve(static_cast<double>(point.measurements)))});
  }
  return text;
}

Presentation present(const PlanRun& run, const RunRecord& record) {
  const Plan& plan = run.plan;
  const double n = plan.curve.measurements;
  const Facts facts = plan_facts(plan, run.options);
  Report page{.title = std::isfinite(n) ? fmt::format("{} measurements", grouped(static_cast<Index>(std::ceil(n))))
                                        : "Not enough measurements found",
              .subtitle = facts.front().second,
              .evidence = plan.evidence,
              .facts = facts,
              .charts = {success_chart(plan)}};
  list_options(page, record);
  return {"plan", json_text(plan_json(plan, run.options, record)), std::move(page)};
}

}  // namespace gossan
