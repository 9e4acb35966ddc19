#include "report/charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "report/html.hpp"
#include "report/number.hpp"
#include "report/thin.hpp"

namespace gossan {

namespace {

constexpr double largest_drawn = 1e300;  // leaves the drawing room for sums and differences
constexpr double gap = std::numeric_limits<double>::quiet_NaN();

const char* name_of(Chart::Kind kind) {
  switch (kind) {
    case Chart::Kind::lines:
      return "lines";
    case Chart::Kind::bars:
      return "bars";
    case Chart::Kind::histogram:
      return "histogram";
    case Chart::Kind::points:
      return "points";
  }
  return "";
}

std::size_t budget_of(Chart::Kind kind) {
  switch (kind) {
    case Chart::Kind::lines:
      return 2000;
    case Chart::Kind::histogram:
      return 400;
    case Chart::Kind::bars:
    case Chart::Kind::points:
      return 5000;
  }
  return 0;
}

void require_length(const Chart& chart, const std::string& what, std::size_t have, const std::string& than, std::size_t want) {
  if (have == want) return;
  throw std::invalid_argument(fmt::format("render_html: chart \"{}\": {} has {} values, expected {}, as many as {}", chart.title,
                                          what, have, want, than));
}

void check(const Chart& chart) {
  for (const auto& curve : chart.curves) {
    const auto who = fmt::format("curve \"{}\": ", curve.name);
    require_length(chart, who + "y", curve.y.size(), "x", curve.x.size());
    if (!curve.names.empty()) require_length(chart, who + "names", curve.names.size(), "x", curve.x.size());
  }
  if (!chart.cut_labels.empty()) require_length(chart, "cut_labels", chart.cut_labels.size(), "cuts", chart.cuts.size());
}

bool drawable(double x, double y, bool log_y) {
  return std::abs(x) <= largest_drawn && std::abs(y) <= largest_drawn && (y > 0 || !log_y);
}

void open_gaps(Curve& curve, bool log_y) {
  for (std::size_t k = 0; k < curve.x.size(); ++k) {
    if (!drawable(curve.x[k], curve.y[k], log_y)) curve.x[k] = curve.y[k] = gap;
  }
}

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
};

Range range_of_y(const Chart& chart) {
  Range range;
  for (const auto& curve : chart.curves) {
    for (const double y : curve.y) {
      if (std::isnan(y)) continue;
      range.low = std::min(range.low, y);
      range.high = std::max(range.high, y);
    }
  }
  return range;
}

// The text alternative for a caller who gave none.
std::string describe(const Drawing& drawing) {
  const auto& chart = drawing.chart;
  if (drawing.empty) return "Nothing to draw: there are no finite values.";
  const auto range = range_of_y(chart);
  const auto or_else = [](const std::string& label, const char* other) { return label.empty() ? other : label; };
  return fmt::format("{} against {}: {} points, from {} to {}.", or_else(chart.y_label, "values"),
                     or_else(chart.x_label, "position"), grouped(drawing.given), format_number(range.low),
                     format_number(range.high));
}

std::string legend_of(const Chart& chart) {
  if (chart.curves.size() + (chart.marks.empty() ? 0 : 1) < 2) return "";
  const bool points = chart.kind == Chart::Kind::points;
  std::string items;
  for (std::size_t k = 0; k < chart.curves.size(); ++k) {
    const char* shape = !points ? "bar" : (k == 0 && chart.curves.size() > 1) ? "ring" : "dot";
    items +=
        fmt::format("<li><span class=\"swatch {} series-{}\"></span>{}</li>", shape, k % 6, escape_html(chart.curves[k].name));
  }
  if (!chart.marks.empty() && points) items += "<li><span class=\"swatch ring mark\"></span>named</li>";
  return fmt::format("<ul class=\"legend\">{}</ul>\n", items);
}

nlohmann::json json_of_curve(const Curve& curve) {
  nlohmann::json out = {{"name", curve.name}, {"x", curve.x}, {"y", curve.y}};
  if (!curve.names.empty()) out["names"] = curve.names;
  return out;
}

}  // namespace

Drawing drawing_of(const Chart& chart) {
  check(chart);
  Drawing out;
  out.chart = chart;
  for (auto& curve : out.chart.curves) {
    out.given += std::ssize(curve.x);
    open_gaps(curve, chart.log_y);
    curve = thin(curve, chart.kind, budget_of(chart.kind));
    out.drawn += std::ssize(curve.x);
    out.empty = out.empty && std::all_of(curve.y.begin(), curve.y.end(), [](double y) { return std::isnan(y); });
  }
  return out;
}

nlohmann::json json_of(const Drawing& drawing) {
  const auto& chart = drawing.chart;
  nlohmann::json curves = nlohmann::json::array(), marks = nlohmann::json::array(), cuts = nlohmann::json::array();
  for (const auto& curve : chart.curves) curves.push_back(json_of_curve(curve));
  for (const auto& mark : chart.marks) {
    if (drawable(mark.x, mark.y, chart.log_y)) marks.push_back({{"label", mark.label}, {"x", mark.x}, {"y", mark.y}});
  }
  for (std::size_t k = 0; k < chart.cuts.size(); ++k) {
    if (!drawable(chart.cuts[k], 1, false)) continue;
    cuts.push_back({{"label", chart.cut_labels.empty() ? "" : chart.cut_labels[k]}, {"x", chart.cuts[k]}});
  }
  return {{"kind", name_of(chart.kind)},
          {"title", chart.title},
          {"x_label", chart.x_label},
          {"y_label", chart.y_label},
          {"log_y", chart.log_y},
          {"map", chart.map},
          {"empty", drawing.empty},
          {"categories", chart.categories},
          {"curves", curves},
          {"marks", marks},
          {"cuts", cuts}};
}

std::string figure_of(const Drawing& drawing, std::size_t number) {
  const auto& chart = drawing.chart;
  const auto text = escape_html(chart.text.empty() ? describe(drawing) : chart.text);
  const auto title = escape_html(chart.title);
  const auto plot = drawing.empty ? std::string("<p class=\"empty\">No finite values to draw.</p>\n")
                                  : fmt::format(
                                        "<div class=\"plot\"><canvas id=\"chart-{}\" role=\"img\" aria-label=\"{}. "
                                        "{}\"></canvas></div>\n",
                                        number, title, text);
  const auto thinned = drawing.drawn == drawing.given ? ""
                                                      : fmt::format(" <span class=\"note\">Drawn with {} of {} points.</span>",
                                                                    grouped(drawing.drawn), grouped(drawing.given));
  return fmt::format("<figure class=\"chart {}{}\">\n<h3>{}</h3>\n{}{}<figcaption>{}{}</figcaption>\n</figure>\n",
                     name_of(chart.kind), chart.map ? " map" : "", title, drawing.empty ? "" : legend_of(chart), plot, text,
                     thinned);
}

}  // namespace gossan
