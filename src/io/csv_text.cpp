#include <fmt/format.h>

#include <cmath>

#include "gossan/io.hpp"

namespace gossan {
namespace {

std::string quoted_cell(const std::string& cell) {
  const bool starts_comment = cell.starts_with('#');
  if (!starts_comment && cell.find_first_of(",;\t\"\r\n") == std::string::npos) return cell;
  std::string text(1, '"');
  for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
  text.push_back('"');
  return text;
}

}  // namespace

std::string csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (std::size_t k = 0; k < cells.size(); ++k) {
    if (k > 0) line.push_back(',');
    line.append(quoted_cell(cells[k]));
  }
  line.push_back('\n');
  return line;
}

std::string csv_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

}  // namespace gossan
