#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "charts.hpp"
#include "locate_output.hpp"

namespace gossan::cli {
namespace {

using Table = std::pair<std::string, std::vector<std::vector<std::string>>>;

// The noise of a pair is noise_scale where the law is constant; where it is proportional, noise_scale is that of a pair of median
// length, and pairs below 3 % of the median share one.
std::vector<double> standardised_residuals(const LocateRun& run) {
  const Located& located = run.located;
  const std::vector<double>& length = run.data.pairs.distance;
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
std::vector<Index> worst_points(const LocateRun& run, std::size_t most) {
  std::vector<Index> order;
  const auto& error = run.compared->error;
  for (std::size_t i = 0; i < error.size(); ++i) {
    if (std::isfinite(error[i])) order.push_back(static_cast<Index>(i));
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return error[static_cast<std::size_t>(a)] > error[static_cast<std::size_t>(b)]; });
  order.resize(std::min(order.size(), most));
  return order;
}

std::string unit(const LocateRun& run) { return run.spherical() ? " km" : ""; }

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
  if (run.compared) chart.curves.push_back(scatter("true", globe ? run.truth->latitude_longitude : run.truth->points, x, y));
  const Matrix flat = run.compared ? run.compared->aligned : placed_points(run);
  chart.curves.push_back(scatter("recovered", globe ? map : flat, x, y));
  for (Index i = 0; i < run.data.pairs.points; ++i) chart.curves.back().names.push_back(run.label(i));
  const auto placed = std::count(run.located.placement.begin(), run.located.placement.end(), Placement::placed);
  chart.text = fmt::format("{} of {} points are placed.", grouped(placed), grouped(run.data.pairs.points));
  if (!run.compared) {
    chart.text += " The orientation is arbitrary: distances say nothing of it.";
    return chart;
  }
  constexpr std::size_t labelled = 6;
  std::string names;
  for (const Index i : worst_points(run, labelled)) {
    const auto& at = chart.curves.back();
    chart.marks.push_back({run.label(i), at.x[static_cast<std::size_t>(i)], at.y[static_cast<std::size_t>(i)]});
    names += (names.empty() ? "" : ", ") + run.label(i);
  }
  chart.text +=
      fmt::format(" Laid over the truth, half of them are within {:.3g}{} of their place and 99 % within {:.3g}{}. Farthest: {}.",
                  run.compared->median, unit(run), run.compared->p99, unit(run), names);
  return chart;
}

Table worst_table(const LocateRun& run) {
  Table table{"Farthest from their true place", {{"id", "point", "error" + unit(run)}}};
  for (const Index i : worst_points(run, 10)) {
    table.second.push_back({run.id(i), run.label(i), fmt::format("{:.4g}", run.compared->error[static_cast<std::size_t>(i)])});
  }
  return table;
}

Table suspicious_table(const LocateRun& run) {
  const auto n = static_cast<std::size_t>(run.data.pairs.points);
  std::vector<Index> pairs(n, 0), lies(n, 0);
  for (std::size_t e = 0; e < run.located.outliers.size(); ++e) {
    for (const Index i : {run.data.pairs.i[e], run.data.pairs.j[e]}) {
      pairs[static_cast<std::size_t>(i)] += 1;
      if (run.located.outliers[e]) lies[static_cast<std::size_t>(i)] += 1;
    }
  }
  const auto share = [&](Index i) {
    const auto k = static_cast<std::size_t>(i);
    return static_cast<double>(lies[k]) / static_cast<double>(pairs[k]);
  };
  std::vector<Index> order(n);
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return share(a) > share(b); });
  Table table{"Points with the largest share of flagged pairs", {{"id", "point", "pairs", "flagged"}}};
  for (std::size_t k = 0; k < std::min<std::size_t>(n, 10); ++k) {
    const Index i = order[k];
    table.second.push_back(
        {run.id(i), run.label(i), grouped(pairs[static_cast<std::size_t>(i)]), fmt::format("{:.0f} %", 100 * share(i))});
  }
  return table;
}

// Points that are not part of the one map: undetermined, or of a smaller rigid piece.
Table apart_table(const LocateRun& run) {
  Table table{"Undetermined points and smaller pieces", {{"id", "point", "placement"}}};
  constexpr std::size_t most = 500;
  for (Index i = 0; i < run.data.pairs.points && table.second.size() <= most; ++i) {
    const Index piece = run.located.component[static_cast<std::size_t>(i)];
    if (run.placed(i) && piece == 0) continue;
    table.second.push_back({run.id(i), run.label(i), run.placed(i) ? fmt::format("piece {}", piece + 1) : "undetermined"});
  }
  return table;
}

}  // namespace

Report locate_report(const LocateRun& run, const Summary& summary) {
  const auto pairs = static_cast<Index>(run.data.pairs.distance.size());
  Report report;
  report.title = fmt::format("{} from {} distances", run.spherical() ? "Map" : "Points", grouped(pairs));
  report.subtitle = fmt::format("{} points, {} metric, {:.1f} % of the distances flagged", grouped(run.data.pairs.points),
                                run.options.metric, 100 * run.located.outlier_fraction);
  report.evidence = run.located.evidence;
  report.charts = {map_chart(run), convergence_chart(run.located.history),
                   singular_value_chart(run.located.singular_values, run.located.rank),
                   residual_chart(standardised_residuals(run), run.located.outliers, run.located.outlier_cut)};
  report.tables.push_back(run.compared ? worst_table(run) : suspicious_table(run));
  if (Table apart = apart_table(run); apart.second.size() > 1) report.tables.push_back(std::move(apart));
  report.choices = summary.choices;
  for (const FieldView& field : summary.options) report.choices.emplace_back("--" + field.name, field.value);
  return report;
}

}  // namespace gossan::cli
