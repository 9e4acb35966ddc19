#include "present/flags_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace gossan {
namespace {

constexpr Index most_blocks = 60;

}  // namespace

FlagsMap::FlagsMap(Index rows, Index cols)
    : rows_(rows),
      cols_(cols),
      down_(std::min(rows, most_blocks)),
      across_(std::min(cols, most_blocks)),
      observed_(static_cast<std::size_t>(down_ * across_)),
      flagged_(observed_.size()) {}

void FlagsMap::see(Index i, Index j, bool flagged) {
  const auto at = static_cast<std::size_t>(i * down_ / rows_ * across_ + j * across_ / cols_);
  ++observed_[at];
  flagged_[at] += flagged ? 1 : 0;
}

HeatMap FlagsMap::map() const {
  HeatMap map{.title = "Where the outliers sit",
              .x_label = "columns",
              .y_label = "rows",
              .unit = " % flagged",
              .rows = down_,
              .cols = across_};
  map.last_row = static_cast<double>(rows_ - 1);
  map.last_col = static_cast<double>(cols_ - 1);
  for (std::size_t at = 0; at < observed_.size(); ++at)
    map.values.push_back(observed_[at] > 0 ? 100 * static_cast<double>(flagged_[at]) / static_cast<double>(observed_[at])
                                           : std::numeric_limits<double>::quiet_NaN());
  map.text = fmt::format(
      "Share of flagged entries in {} x {} blocks of rows and columns; blocks with no observed entry are blank.", down_, across_);
  return map;
}

}  // namespace gossan
