// One self-contained HTML page that shows an answer and why it may be believed. No network: Chart.js is inside.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"

namespace gossan {

// Every member has a default, so that designated initialisers may name a few: Chart{.title = "Residuals", .log_y = true}.
struct Curve {
  std::string name = {};
  std::vector<double> x = {}, y = {};
  std::vector<std::string> names = {};  // points: one a point, shown when it is pointed at; may be empty
};
struct Mark {
  std::string label = {};
  double x = 0, y = 0;
};

struct Chart {
  enum class Kind { lines, bars, histogram, points };
  Kind kind = Kind::lines;
  std::string title = {}, x_label = {}, y_label = {};
  bool log_y = false;
  bool map = false;                          // points: x and y are longitude and latitude in degrees
  std::vector<Curve> curves = {};            // points: one curve a group; the first of several as rings, joined to the second's
                                             // dots where both have as many; histogram: x are the centres of the bins
  std::vector<std::string> categories = {};  // bars: the names of x = 0, 1, ...; may be empty
  std::vector<Mark> marks = {};              // labelled points (worst cities)
  std::vector<double> cuts = {};             // vertical lines (outlier cut, rank) at these x
  std::vector<std::string> cut_labels = {};  // one a cut
  std::string text = {};                     // the text alternative: what the chart shows, in a sentence or two with its numbers
};

// 8 bits a channel, grey or red, green and blue; lines top down.
struct Picture {
  std::string caption = {};
  Index width = 0, height = 0, channels = 1;
  std::vector<std::uint8_t> pixels = {};  // width height channels
};

// Pictures in rows of equal length, those below one another of the same moment.
struct Filmstrip {
  std::string title = {};
  std::vector<std::pair<std::string, std::vector<Picture>>> rows = {};  // label -> pictures; captions are those of the first row
  std::string text = {};                                                // what to see, in a sentence or two
};

// A table of numbers >= 0 as shades, drawn without a script: rows downwards, NaN left blank.
struct HeatMap {
  std::string title = {}, x_label = {}, y_label = {}, unit = {};
  Index rows = 0, cols = 0;
  std::vector<double> values = {};                                  // rows cols, row-major
  double first_row = 0, last_row = 0, first_col = 0, last_col = 0;  // what the edges stand for, told beside them
  std::string text = {};                                            // the text alternative
};

struct Report {
  std::string title = {};     // "World map from 26,059 distances"
  std::string subtitle = {};  // one line on the input
  Evidence evidence = {};
  std::string finding = {};  // in place of the verdict's word, where what was found is neither good nor bad
  std::vector<std::pair<std::string, std::string>> facts = {};  // "rank" -> "3", ...
  std::vector<Filmstrip> filmstrips = {};
  std::vector<Chart> charts = {};
  std::vector<HeatMap> heat_maps = {};                                                     // after the charts
  std::vector<std::pair<std::string, std::vector<std::vector<std::string>>>> tables = {};  // title -> rows, the first the header
  std::vector<std::pair<std::string, std::string>> choices = {};                           // every option and choice
};

// A pure function of the report. What is not finite (or not positive on a log axis) is a gap; long curves are thinned. Throws
// std::invalid_argument where lengths within a chart do not go together.
std::string render_html(const Report& report);

std::string grouped(Index n);  // thousands separated: "26,146"

}  // namespace gossan
