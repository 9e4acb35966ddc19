#include "plan/search.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "gossan/linalg.hpp"

namespace gossan::planning {
namespace {

Index successes(const std::vector<Outcome>& outcomes) {
  return std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& each) { return each.success; });
}

PlanPoint point_of(Index n, const std::vector<Outcome>& outcomes) {
  std::vector<double> errors;
  errors.reserve(outcomes.size());
  for (const Outcome& each : outcomes) errors.push_back(each.error);
  PlanPoint point{.measurements = n, .trials = static_cast<Index>(outcomes.size()), .successes = successes(outcomes)};
  point.trusted = std::count_if(outcomes.begin(), outcomes.end(), [](const Outcome& each) { return each.trusted; });
  point.median_error = median(errors);
  return point;
}

class Search {
 public:
  Search(const SearchLimits& limits, Simulate simulate) : limits_(limits), simulate_(simulate) {}

  Searched run() {
    if (bracket()) refine();
    return {points(), reached_, stopped_};
  }

 private:
  // Doubles from the first; false where the end is not to be found.
  bool bracket() {
    const double wanted = (1 + limits_.share) / 2;
    for (Index n = limits_.first; visit(n); n = std::min(2 * n, limits_.most)) {
      reached_ = rate(n) >= wanted;
      if (reached_) upper_ = static_cast<double>(n);
      if (reached_ || n == limits_.most) return reached_;
    }
    return false;
  }

  void refine() {
    constexpr int rungs = 4, rounds = 2;
    constexpr double from = 0.5, to = 0.99;  // of the probability of success
    const double step = std::pow(2.0, 1.0 / (rungs + 1));
    climb(upper_ / 2 * step, upper_ / step, rungs);
    for (int round = 0; round < rounds && !stopped_; ++round) {
      const SuccessCurve curve = fit_success_curve(points(), limits_.share);
      climb(curve.reaches(from), curve.reaches(to), rungs);
    }
  }

  // From high to low: where the time runs out, what is known is near the end of the curve that matters.
  void climb(double low, double high, int rungs) {
    for (int k = rungs - 1; k >= 0 && !stopped_; --k) {
      const double n = low * std::pow(high / low, static_cast<double>(k) / (rungs - 1));
      visit(std::clamp(static_cast<Index>(std::llround(n)), limits_.first, limits_.most));
    }
  }

  // A point of which the first quarter all fail needs no more. False where the search is to stop.
  bool visit(Index n) {
    std::vector<Outcome>& known = outcomes_[n];
    const auto before = static_cast<Index>(known.size());
    const Index quarter = (limits_.trials + 3) / 4;
    for (const Index last : {before + quarter, before + limits_.trials}) {
      const std::vector<Outcome> more = simulate_(n, static_cast<Index>(known.size()), last);
      known.insert(known.end(), more.begin(), more.end());
      stopped_ = more.empty();
      if (stopped_ || successes(more) == 0) break;
    }
    if (known.empty()) outcomes_.erase(n);
    return !stopped_;
  }

  double rate(Index n) const {
    const std::vector<Outcome>& known = outcomes_.at(n);
    return static_cast<double>(successes(known)) / static_cast<double>(known.size());
  }

  std::vector<PlanPoint> points() const {
    std::vector<PlanPoint> list;
    for (const auto& [n, known] : outcomes_) list.push_back(point_of(n, known));
    return list;
  }

  SearchLimits limits_;
  Simulate simulate_;
  std::map<Index, std::vector<Outcome>> outcomes_;
  double upper_ = 0;
  bool reached_ = false, stopped_ = false;
};

}  // namespace

Searched search(const SearchLimits& limits, Simulate simulate) { return Search(limits, simulate).run(); }

}  // namespace gossan::planning
