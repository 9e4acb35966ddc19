#include "report/thin.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gossan {

namespace {

struct Run {
  std::size_t begin = 0, end = 0;
};

void append(Curve& out, const Curve& curve, std::size_t k) {
  out.x.push_back(curve.x[k]);
  out.y.push_back(curve.y[k]);
  if (!curve.names.empty()) out.names.push_back(curve.names[k]);
}

bool drawable(const Curve& curve, std::size_t k) { return std::isfinite(curve.x[k]) && std::isfinite(curve.y[k]); }

// In the order of the curve: its ends, the lowest and highest of the run, one gap.
void append_extremes(Curve& out, const Curve& curve, Run run) {
  const auto none = run.end;
  auto lowest = none, highest = none, gap = none;
  for (auto k = run.begin; k < run.end; ++k) {
    if (!drawable(curve, k)) {
      gap = k;
      continue;
    }
    if (lowest == none || curve.y[k] < curve.y[lowest]) lowest = k;
    if (highest == none || curve.y[k] > curve.y[highest]) highest = k;
  }
  const auto first = run.begin == 0 ? 0 : none;
  const auto last = run.end == curve.x.size() ? run.end - 1 : none;
  std::size_t keep[] = {first, lowest, highest, gap, last};
  std::sort(std::begin(keep), std::end(keep));
  const auto* end = std::unique(std::begin(keep), std::end(keep));
  for (const auto* k = std::begin(keep); k != end && *k != none; ++k) append(out, curve, *k);
}

// One bar for a run: at the middle of its positions, with the highest or the summed value of those that are finite.
void append_merged(Curve& out, const Curve& curve, Run run, bool sum) {
  double x = 0, total = 0, highest = -std::numeric_limits<double>::infinity();
  std::size_t count = 0;
  for (auto k = run.begin; k < run.end; ++k) {
    if (!drawable(curve, k)) continue;
    x += curve.x[k];
    total += curve.y[k];
    highest = std::max(highest, curve.y[k]);
    ++count;
  }
  if (count == 0) return;
  out.x.push_back(x / static_cast<double>(count));
  out.y.push_back(sum ? total : highest);
}

}  // namespace

Curve thin(const Curve& curve, Chart::Kind kind, std::size_t budget) {
  const auto size = curve.x.size();
  if (size <= budget) return curve;
  // A run of a line leaves two points, so its runs are twice as long; its two ends are kept besides.
  const auto kept = kind == Chart::Kind::lines ? std::max<std::size_t>(budget / 2, 2) - 1 : budget;
  const auto length = (size + kept - 1) / kept;
  Curve out{curve.name, {}, {}, {}};
  for (std::size_t begin = 0; begin < size; begin += length) {
    const Run run{begin, std::min(begin + length, size)};
    switch (kind) {
      case Chart::Kind::lines:
        append_extremes(out, curve, run);
        break;
      case Chart::Kind::bars:
        append_merged(out, curve, run, false);
        break;
      case Chart::Kind::histogram:
        append_merged(out, curve, run, true);
        break;
      case Chart::Kind::points:
        append(out, curve, begin);
        break;
    }
  }
  return out;
}

}  // namespace gossan
