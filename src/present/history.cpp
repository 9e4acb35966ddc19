#include <fmt/format.h>

#include "gossan/io.hpp"
#include "gossan/present.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {

std::string history_csv(const History& history) { return history_csv(history, Trace()); }

std::string history_csv(const History& history, const Trace& trace) {
  std::vector<std::string> header = {"phase", "k", "f", "gradient_norm", "step", "change", "seconds"};
  for (const Trace::Panel& panel : trace.panels) header.insert(header.end(), panel.columns.begin(), panel.columns.end());
  std::string text = csv_line(header);
  for (std::size_t n = 0; n < history.size(); ++n) {
    const HistoryRow& row = history[n];
    std::vector<std::string> cells = {row.phase,
                                      fmt::format("{}", row.k),
                                      csv_number(row.f),
                                      csv_number(row.gradient_norm),
                                      csv_number(row.step),
                                      csv_number(row.change),
                                      fmt::format("{:.6f}", row.seconds)};
    if (!trace.panels.empty()) {
      for (const double value : trace.rows[n]) cells.push_back(csv_number(value));
    }
    text += csv_line(cells);
  }
  return text;
}

}  // namespace gossan
