#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

constexpr double still = 0.01;  // relative change of the objective that passes for none

struct Stretch {
  std::size_t begin = 0, end = 0;
};

// The longest stretch within `within` whose objectives differ by no more than `still`.
Stretch longest_rest(const History& history, Stretch within) {
  Stretch longest{within.begin, within.begin};
  for (std::size_t begin = within.begin; begin + (longest.end - longest.begin) < within.end; ++begin) {
    double least = history[begin].f, most = least;
    std::size_t end = begin;
    for (; end < within.end; ++end) {
      least = std::min(least, history[end].f);
      most = std::max(most, history[end].f);
      if (most - least > still * most) break;
    }
    if (end - begin > longest.end - longest.begin) longest = {begin, end};
  }
  return longest;
}

void find_plateaus(const History& history, Stretch within, std::vector<Plateau>& found) {
  const Index shortest = std::max<Index>(2, history.back().k / 20);
  const Stretch rest = longest_rest(history, within);
  const bool whole_run = rest.begin == 0 && rest.end == history.size();
  if (rest.begin == rest.end || whole_run) return;
  const HistoryRow &first = history[rest.begin], &last = history[rest.end - 1];
  if (last.k - first.k < shortest) return;
  find_plateaus(history, {within.begin, rest.begin}, found);
  found.push_back({first.k, last.k, last.f});
  find_plateaus(history, {rest.end, within.end}, found);
}

double mean_between(const History& history, double from, double to) {
  const auto last = static_cast<double>(history.back().k);
  double sum = 0, count = 0;
  for (const HistoryRow& row : history) {
    const double at = static_cast<double>(row.k) / last;
    if (at <= from || at > to) continue;
    sum += row.f;
    ++count;
  }
  return sum / count;
}

}  // namespace

std::vector<Plateau> plateaus(const History& history) {
  std::vector<Plateau> found;
  if (!history.empty()) find_plateaus(history, {0, history.size()}, found);
  return found;
}

std::vector<std::string> warnings(const History& history, const std::optional<Budget>& budget, bool structure_left) {
  std::vector<std::string> said;
  if (history.size() < 20) return said;
  constexpr double negligible = 1e-6;  // of the first objective
  const double late = mean_between(history, 0.9, 1), before = mean_between(history, 0.8, 0.9);
  const double fall = 1 - late / before;
  const bool at_rest = std::abs(fall) <= still;
  if (fall > still && late > negligible * history.front().f)
    said.push_back(fmt::format(
        "not at rest: the objective still fell by {:.2g} % from the last tenth of the steps but one to the last", 100 * fall));
  if (at_rest && structure_left)
    said.push_back(
        fmt::format("stalled on a plateau: the objective rests at {:.4g}, while the residuals still have a structure that more "
                    "steps of this length would learn",
                    history.back().f));
  // Runs that succeed have 1.1 times the least way or more.
  constexpr double margin = 1.1;
  if (budget && budget->travelled < margin * budget->needed)
    said.push_back(fmt::format("short way: the steps added up to {:.3g}, and to learn what there is takes about {:.3g}",
                               budget->travelled, budget->needed));
  return said;
}

}  // namespace gossan
