#include "report/heat_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "report/html.hpp"
#include "report/number.hpp"

namespace gossan {
namespace {

constexpr int cell_side = 10;  // in units of the drawing

double largest_of(const HeatMap& map) {
  double largest = 0;
  for (const double value : map.values)
    if (std::isfinite(value)) largest = std::max(largest, value);
  return largest;
}

std::string cells_of(const HeatMap& map, double largest) {
  std::string out;
  for (Index i = 0; i < map.rows; ++i)
    for (Index j = 0; j < map.cols; ++j) {
      const double value = map.values[static_cast<std::size_t>(i * map.cols + j)];
      if (!std::isfinite(value)) continue;
      const double shade = largest > 0 ? std::clamp(value / largest, 0.0, 1.0) : 0.0;
      out += fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill-opacity=\"{:.3g}\"/>", j * cell_side,
                         i * cell_side, cell_side, cell_side, shade);
    }
  return out;
}

}  // namespace

std::string heat_figure(const HeatMap& map) {
  if (map.rows < 0 || map.cols < 0 || static_cast<Index>(map.values.size()) != map.rows * map.cols)
    throw std::invalid_argument(fmt::format("render_html: heat map \"{}\": has {} values, expected {} x {}", map.title,
                                            map.values.size(), map.rows, map.cols));
  const auto title = escape_html(map.title), text = escape_html(map.text);
  const double largest = largest_of(map);
  const auto picture = map.values.empty() ? std::string("<p class=\"empty\">Nothing to draw.</p>\n")
                                          : fmt::format(
                                                "<svg class=\"cells\" viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" "
                                                "role=\"img\" aria-label=\"{}. {}\">{}</svg>\n",
                                                map.cols * cell_side, map.rows * cell_side, title, text, cells_of(map, largest));
  return fmt::format(
      "<figure class=\"chart heat\">\n<h3>{}</h3>\n<ul class=\"legend\"><li>{} {} to {} downwards</li><li>{} {} to {} "
      "sideways</li>"
      "<li>white 0, full {}{}</li></ul>\n{}<figcaption>{}</figcaption>\n</figure>\n",
      title, escape_html(map.y_label), format_number(map.first_row), format_number(map.last_row), escape_html(map.x_label),
      format_number(map.first_col), format_number(map.last_col), format_number(largest), escape_html(map.unit), picture, text);
}

}  // namespace gossan
