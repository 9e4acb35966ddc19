#include "gossan/reproduction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace gossan {

bool Expected::within(double ours) const {
  if (factor > 0) return ours >= paper / factor && ours <= paper * factor;
  return std::abs(ours - paper) <= tolerance;
}

std::vector<Compared> compare(const Reproduction& reproduction, const std::vector<Cell>& cells) {
  std::vector<Compared> list;
  for (const Expected& expected : reproduction.expected) {
    for (const Cell& cell : cells) {
      const Experiment& grid = reproduction.experiment;
      if (grid.series[cell.series].name != expected.series || grid.points[cell.point].name != expected.point) continue;
      const double ours = quantity(cell, expected.quantity);
      list.push_back({expected, ours, expected.within(ours)});
    }
  }
  return list;
}

Evidence weigh(const std::vector<Compared>& compared) {
  const auto count = [&](auto test) { return std::count_if(compared.begin(), compared.end(), test); };
  const auto matching = count([](const Compared& each) { return each.matches; });
  const auto known = count([](const Compared& each) { return !each.matches && !each.expected.matches; });
  const auto surprises = count([](const Compared& each) { return each.surprise(); });
  Evidence evidence;
  evidence.verdict = surprises == 0 ? Verdict::trusted : Verdict::doubtful;
  evidence.message = fmt::format("{} of {} numbers match", matching, compared.size());
  if (known > 0) evidence.message += fmt::format("; {} are known not to", known);
  if (surprises > 0) evidence.message += fmt::format("; {} come out otherwise than is written down", surprises);
  if (compared.empty()) evidence.message = "there is no number of a finished run to compare with";
  evidence.checks = {{"numbers come out as written down", static_cast<double>(surprises), 0, surprises == 0,
                      "How many of the paper's numbers match where they are said not to, or do not where they are said to."}};
  return evidence;
}

}  // namespace gossan
