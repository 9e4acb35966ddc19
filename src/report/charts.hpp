// A chart as the page needs it: its frame with the text alternative, and the numbers that page.js draws.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "gossan/report.hpp"

namespace gossan {

// The chart ready to draw: what cannot be drawn (not finite, beyond 1e300, not positive on a log axis) made a gap, long curves
// thinned. Throws std::invalid_argument where the lengths of x, y, names, cuts and labels do not go together.
struct Drawing {
  Chart chart;
  Index given = 0, drawn = 0;  // points before and after thinning
  bool empty = true;           // nothing finite in it
};

Drawing drawing_of(const Chart& chart);
nlohmann::json json_of(const Drawing& drawing);                     // read by page.js
std::string figure_of(const Drawing& drawing, std::size_t number);  // <figure> with <canvas id="chart-number">

}  // namespace gossan
