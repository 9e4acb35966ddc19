#include "gossan/locate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/observers.hpp"
#include "present/account.hpp"
#include "present/charts.hpp"
#include "present/tally.hpp"

namespace gossan {
namespace {

// A point as the summary names it.
Json point_json(const LocateRun& run, Index i) {
  Json point = {{"id", run.id(i)}};
  if (const std::string name = run.name(i); !name.empty()) point["name"] = name;
  return point;
}

Json undetermined_json(const LocateRun& run) {
  Json list = Json::array();
  for (Index i = 0; i < run.pairs.points; ++i) {
    if (!run.placed(i)) list.push_back(point_json(run, i));
  }
  return list;
}

// The points whose place relative to the largest rigid piece nothing fixes.
Json apart_json(const LocateRun& run) {
  Json list = Json::array();
  for (Index i = 0; i < run.pairs.points; ++i) {
    const Index piece = run.located.component[static_cast<std::size_t>(i)];
    if (piece <= 0) continue;
    Json point = {{"id", run.id(i)}, {"piece", piece}};
    point.update(point_json(run, i));
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

Json point_errors_json(const LocateRun& run) {
  const PointErrors& report = *run.compared;
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
Index all_steps(const History& history) {
  Index sum = 0, last = 0;
  std::string phase;
  for (const HistoryRow& row : history) {
    if (row.phase != phase || row.k <= last) sum += last;
    last = row.k;
    phase = row.phase;
  }
  return sum + last;
}

Account locate_account(const LocateRun& run) {
  const Located& located = run.located;
  Account account{.recovery = "locate",
                  .found = {{{"points", run.pairs.points}, {"pairs", run.pairs.distance.size()}}},
                  .status = located.status,
                  .rank = located.rank,
                  .outlier_fraction = located.outlier_fraction,
                  .noise_scale = located.noise_scale,
                  .holdout = {{"share", run.options.holdout},
                              {"consistent", located.holdout_consistent},
                              {"training_consistent", located.training_consistent}},
                  .iterations = all_steps(located.history),
                  .sweeps = located.sweeps,
                  .seed = run.options.seed,
                  .choices = located.choices};
  if (!run.columns.empty()) account.choices.emplace_back("columns", run.columns);
  Json& details = account.details;
  details["noise_law"] = located.noise_law;
  details["outlier_cut"] = located.outlier_cut;
  details["undetermined"] = undetermined_json(run);
  details["components"] = piece_sizes(located);
  details["apart"] = apart_json(run);
  if (run.compared) details["truth"] = point_errors_json(run);
  return account;
}

std::string percent(double share) { return fmt::format("{:.2f} %", 100 * share); }

Facts locate_facts(const LocateRun& run) {
  const Located& located = run.located;
  const auto left_out = std::count(located.placement.begin(), located.placement.end(), Placement::undetermined);
  const auto pieces = piece_sizes(located).size();
  Facts list = {
      {"points", fmt::format("{}, {} of them undetermined, in {} rigid piece{}", grouped(run.pairs.points), grouped(left_out),
                             pieces, pieces == 1 ? "" : "s")},
      {"rank", fmt::format("{}", located.rank)},
      {"noise", fmt::format("{:.3g}{} ({})", located.noise_scale, run.spherical() ? " km" : "", located.noise_law)},
      {"flagged", fmt::format("{} of {} distances", percent(located.outlier_fraction),
                              grouped(static_cast<Index>(run.pairs.distance.size())))},
      {"held out",
       fmt::format("{} consistent, {} of the fitted", percent(located.holdout_consistent), percent(located.training_consistent))},
  };
  if (!run.compared) return list;
  const PointErrors& truth = *run.compared;
  const std::string unit = run.spherical() ? " km" : "";
  list.emplace_back("truth", fmt::format("median error {:.3g}{}, 99 % within {:.3g}{}, all within {:.3g}{}", truth.median, unit,
                                         truth.p99, unit, truth.max, unit));
  list.emplace_back("lies", fmt::format("{} of {} flagged; {} of the honest", percent(truth.flags.wrong_flagged),
                                        grouped(truth.flags.wrong), percent(truth.flags.honest_flagged)));
  return list;
}

// The noise of a pair is noise_scale where the law is constant; where it is proportional, noise_scale is that of a pair of median
// length, and pairs below 3 % of the median share one.
std::vector<double> standardised_residuals(const LocateRun& run) {
  const Located& located = run.located;
  const std::vector<double>& length = run.pairs.distance;
  std::vector<double> sorted = length;
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  const bool proportional = located.noise_law == "proportional";
  std::vector<double> residuals = located.residuals;
  for (std::size_t e = 0; e < residuals.size(); ++e) {
    const double relative = proportional ? std::max(length[e] / *middle, 0.03) : 1.0;
    residuals[e] /= std::max(located.noise_scale * relative, std::numeric_limits<double>::min());
  }
  return residuals;
}

// The first two columns of coordinates as a curve; a line has no second one.
Curve scatter(const std::string& name, const Matrix& coordinates, Index x, Index y) {
  Curve curve{.name = name};
  for (Index i = 0; i < coordinates.rows(); ++i) {
    curve.x.push_back(x < coordinates.cols() ? coordinates(i, x) : 0.0);
    curve.y.push_back(y < coordinates.cols() ? coordinates(i, y) : 0.0);
  }
  return curve;
}

// Points by falling error, those that were not compared left out.
std::vector<Index> worst_points(const LocateRun& run, Index most) {
  const auto error = [&](Index i) { return run.compared->error[static_cast<std::size_t>(i)]; };
  return leading(
      std::ssize(run.compared->error), most, [&](Index i) { return std::isfinite(error(i)); },
      [&](Index a, Index b) { return error(a) > error(b); });
}

std::string length_unit(const LocateRun& run) { return run.spherical() ? " km" : ""; }

Chart map_chart(const LocateRun& run) {
  Chart chart;
  chart.kind = Chart::Kind::points;
  chart.title = "Map";
  const Matrix map = map_coordinates(run);
  const bool globe = map.size() > 0;
  chart.map = globe;
  chart.x_label = globe ? "longitude" : "x1";
  chart.y_label = globe ? "latitude" : "x2";
  const Index x = globe ? 1 : 0, y = globe ? 0 : 1;
  if (run.compared) chart.curves.push_back(scatter("true", *run.truth, x, y));
  const Matrix flat = run.compared ? run.compared->aligned : placed_points(run);
  chart.curves.push_back(scatter("recovered", globe ? map : flat, x, y));
  for (Index i = 0; i < run.pairs.points; ++i) chart.curves.back().names.push_back(run.label(i));
  const auto placed = std::count(run.located.placement.begin(), run.located.placement.end(), Placement::placed);
  chart.text = fmt::format("{} of {} points are placed.", grouped(placed), grouped(run.pairs.points));
  if (!run.compared) {
    chart.text += " The orientation is arbitrary: distances say nothing of it.";
    return chart;
  }
  constexpr Index labelled = 6;
  std::string names;
  for (const Index i : worst_points(run, labelled)) {
    const auto& at = chart.curves.back();
    chart.marks.push_back({run.label(i), at.x[static_cast<std::size_t>(i)], at.y[static_cast<std::size_t>(i)]});
    names += (names.empty() ? "" : ", ") + run.label(i);
  }
  chart.text +=
      fmt::format(" Laid over the truth, half of them are within {:.3g}{} of their place and 99 % within {:.3g}{}. Farthest: {}.",
                  run.compared->median, length_unit(run), run.compared->p99, length_unit(run), names);
  return chart;
}

TextTable worst_table(const LocateRun& run) {
  TextTable table{"Farthest from their true place", {{"id", "point", "error" + length_unit(run)}}};
  for (const Index i : worst_points(run, 10)) {
    table.second.push_back({run.id(i), run.label(i), fmt::format("{:.4g}", run.compared->error[static_cast<std::size_t>(i)])});
  }
  return table;
}

TextTable suspicious_table(const LocateRun& run) {
  FlagTally pairs(run.pairs.points);
  for (std::size_t e = 0; e < run.located.outliers.size(); ++e) {
    for (const Index i : {run.pairs.i[e], run.pairs.j[e]}) pairs.add(i, run.located.outliers[e]);
  }
  TextTable table{"Points with the largest share of flagged pairs", {{"id", "point", "pairs", "flagged"}}};
  for (const Index i : pairs.most_flagged(10)) {
    table.second.push_back({run.id(i), run.label(i), grouped(pairs.seen_at(i)), fmt::format("{:.0f} %", 100 * pairs.share(i))});
  }
  return table;
}

// Points that are not part of the one map: undetermined, or of a smaller rigid piece.
TextTable apart_table(const LocateRun& run) {
  TextTable table{"Undetermined points and smaller pieces", {{"id", "point", "placement"}}};
  constexpr std::size_t most = 500;
  for (Index i = 0; i < run.pairs.points && table.second.size() <= most; ++i) {
    const Index piece = run.located.component[static_cast<std::size_t>(i)];
    if (run.placed(i) && piece == 0) continue;
    table.second.push_back({run.id(i), run.label(i), run.placed(i) ? fmt::format("piece {}", piece + 1) : "undetermined"});
  }
  return table;
}

}  // namespace

Presentation present(const LocateRun& run, const RunRecord& record) {
  run.check();
  const Located& located = run.located;
  Report page{
      .title = fmt::format("{} from {} distances", run.spherical() ? "Map" : "Points", grouped(std::ssize(run.pairs.distance))),
      .subtitle = fmt::format("{} points, {} metric, {:.1f} % of the distances flagged", grouped(run.pairs.points),
                              run.options.metric, 100 * located.outlier_fraction),
      .evidence = located.evidence,
      .facts = locate_facts(run)};
  page.charts = {map_chart(run), convergence_chart(located.history), singular_value_chart(located.singular_values, located.rank),
                 residual_chart(standardised_residuals(run), located.outliers, located.outlier_cut)};
  page.tables.push_back(run.compared ? worst_table(run) : suspicious_table(run));
  if (TextTable apart = apart_table(run); apart.second.size() > 1) page.tables.push_back(std::move(apart));
  return presentation(locate_account(run), record, std::move(page));
}

}  // namespace gossan
