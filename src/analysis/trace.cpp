#include <utility>

#include "gossan/trajectory.hpp"

namespace gossan {

Observer observe(Trace& trace, std::vector<Gauge> gauges, Model& model, Index every) {
  std::size_t width = 0;
  for (const Gauge& gauge : gauges) {
    trace.panels.push_back({gauge.title, gauge.columns});
    width += gauge.columns.size();
  }
  return [&trace, gauges = std::move(gauges), &model, every, width](const Iterate& at) -> std::optional<Status> {
    const Factors X = model.factors(*at.theta);
    for (const Gauge& gauge : gauges) {
      if (gauge.follow) gauge.follow(at, X);
    }
    if (!is_recorded(at.k, every)) return std::nullopt;
    std::vector<double>& row = trace.rows.emplace_back(width);
    std::span<double> rest(row);
    for (const Gauge& gauge : gauges) {
      gauge.read(at, X, rest.first(gauge.columns.size()));
      rest = rest.subspan(gauge.columns.size());
    }
    return std::nullopt;
  };
}

}  // namespace gossan
