#include "recover/locate/search.hpp"

#include <algorithm>

#include "recover/shared/spectrum.hpp"

namespace gossan::locating {
namespace {

// Below this many pairs the singular values of the start say little: every rank is finished.
constexpr Index kFewPairs = 6000;
constexpr Index kMostRanks = 10;
// A noise scale below this share of the median distance leaves no dimension to be found two ranks up.
constexpr double kExact = 1e-3;

}  // namespace

RankSearch::RankSearch(const Graph& graph, const Started& started, std::uint64_t seed, Driver& driver, Index& passes)
    : graph_(graph),
      started_(started),
      seed_(seed),
      driver_(driver),
      passes_(passes),
      top_(std::min({started.U.cols(), graph.points - 2, kMostRanks})),
      median_(graph.typical) {}

void RankSearch::finish_from(Index r, const Matrix& V) {
  // A rank that saves a fifth of what another one does is not worth placing its points anew.
  const double hopeless = fits_.empty() ? -1e300 : 0.2 * fits_.at(strongest()).evidence;
  Fit made = finish(graph_, V, {.hopeless = hopeless, .seed = seed_}, driver_, passes_);
  const auto known = fits_.find(r);
  if (known == fits_.end()) {
    fits_.emplace(r, std::move(made));
  } else if (made.evidence > known->second.evidence) {
    known->second = std::move(made);
  }
}

bool RankSearch::try_proportional(Index r) {
  const double before = fits_.at(r).evidence;
  if (fits_.at(r).scale <= 1e-5 * median_ || driver_.stopped()) return false;
  const auto from = [&](const Matrix& V, Index majorisation_steps) {
    Fit made = finish(graph_, V, {.law = Law::proportional, .majorisation_steps = majorisation_steps, .rounds = 3, .seed = seed_},
                      driver_, passes_);
    if (made.evidence > fits_.at(r).evidence) fits_.at(r) = std::move(made);
  };
  if (fits_.at(r).law == Law::constant) from(fits_.at(r).V, 8);
  // Points on the wrong side of a thin map are freed by one dimension more; without it they are put back on the right side.
  const auto above = fits_.find(r + 1);
  if (above != fits_.end() && above->second.evidence > fits_.at(r).evidence) from(project(above->second.V, r), 8);
  return fits_.at(r).evidence > before;
}

const Fit& RankSearch::fit(Index r) {
  if (!fits_.contains(r)) finish_from(r, project(started_.U, r));
  return fits_.at(r);
}

void RankSearch::descend(Index from, Index to) {
  for (Index r = from; r >= to; --r) {
    fit(r);
    if (driver_.stopped()) return;
    // Where this rank already says more than the one above, a second start from there cannot change the choice.
    if (fits_.contains(r + 1) && saved(r) < saved(r + 1)) finish_from(r, project(fits_.at(r + 1).V, r));
  }
}

Index RankSearch::strongest() const {
  return std::max_element(fits_.begin(), fits_.end(),
                          [](const auto& a, const auto& b) { return a.second.evidence < b.second.evidence; })
      ->first;
}

// From the largest ratio of successive singular values, by evidence: one up, two up (a needle looks worse in between), one down.
Index RankSearch::climb() {
  const Vector& s = started_.singular_values;
  Index r = std::clamp<Index>(widest_gap(s, s.size() - 1, rounding_of(s)).rank, 1, top_);
  descend(std::min(r + 1, top_), r);
  while (!driver_.stopped()) {
    if (r + 1 <= top_ && saved(r + 1) > saved(r)) {
      ++r;
    } else if (r + 2 <= top_ && fit(r).scale > kExact * median_ && s[r] > 0.002 * s[0] && !fits_.contains(r + 2) &&
               saved(r + 2) > saved(r)) {
      finish_from(r + 1, project(fits_.at(r + 2).V, r + 1));
      r = saved(r + 1) > saved(r + 2) ? r + 1 : r + 2;
    } else {
      if (r > 1 && !fits_.contains(r - 1)) descend(r - 1, r - 1);
      if (r == 1 || saved(r - 1) <= saved(r)) break;
      --r;
    }
  }
  return r;
}

Fit RankSearch::best(Index told) {
  if (told > 0) {
    fit(told);
    try_proportional(told);
    return fits_.at(told);
  }
  if (graph_.pairs() < kFewPairs) {
    descend(top_, 1);
    for (Index r = top_; r >= 1 && !driver_.stopped(); --r) try_proportional(r);
    return fits_.at(strongest());
  }
  const Index reached = climb();
  if (driver_.stopped()) return fits_.at(strongest());
  const Fit& found = fits_.at(reached);
  const double unknowns = static_cast<double>(graph_.points * found.V.cols());
  const bool coarse = found.scale > 0.02 * median_;
  const bool starved = found.share * static_cast<double>(graph_.pairs()) < 1.5 * unknowns;
  if ((coarse || starved) && !driver_.stopped()) descend(top_, 1);
  // Under the other noise law the neighbouring ranks may compare differently.
  for (Index r = strongest(); try_proportional(r); r = strongest()) {
    for (const Index other : {r + 1, r - 1}) {
      if (other < 1 || other > top_ || driver_.stopped()) continue;
      fit(other);
      try_proportional(other);
    }
  }
  return fits_.at(strongest());
}

}  // namespace gossan::locating
