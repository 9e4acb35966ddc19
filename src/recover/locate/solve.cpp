#include "recover/locate/solve.hpp"

#include <algorithm>
#include <cmath>

#include "recover/locate/elsewhere.hpp"
#include "recover/locate/rigidity.hpp"
#include "recover/locate/search.hpp"
#include "recover/locate/start.hpp"
#include "recover/shared/holdout.hpp"

namespace gossan::locating {
namespace {

std::vector<bool> training_pairs(const Graph& graph, double holdout, std::uint64_t seed) {
  const HoldOut held(holdout, seed, 2);
  std::vector<bool> train(at(graph.pairs()));
  for (Index e = 0; e < graph.pairs(); ++e) train[at(e)] = !held(e);
  return train;
}

// Share of the pairs outside `train` whose residual is within twice the consistent bound, and their number.
double held_out_share(const Graph& graph, const std::vector<bool>& train, const Fit& fit, Index& held) {
  std::vector<double> residual(at(graph.pairs()));
  residuals(graph, fit.V, units(graph, fit.law), residual);
  held = 0;
  Index agreeing = 0;
  for (std::size_t e = 0; e < residual.size(); ++e) {
    if (train[e]) continue;
    ++held;
    agreeing += std::abs(residual[e]) <= 2 * kConsistent * fit.scale;
  }
  return held == 0 ? 1.0 : static_cast<double>(agreeing) / static_cast<double>(held);
}

// Points with more consistent pairs than their freedoms and chance explain, on a side that is not open, in the (r+2)-core of the
// consistent pairs.
std::vector<bool> determined(const Graph& graph, const Fit& fit, const std::vector<bool>& ambiguous) {
  const Index r = fit.V.cols();
  const double chance = chance_of_agreement(graph, fit);
  const std::vector<Index> agreeing = count_pairs(graph, fit.agrees);
  std::vector<bool> alive(at(graph.points));
  for (Index v = 0; v < graph.points; ++v) {
    const auto degree = static_cast<double>(graph.degree(v));
    const auto count = static_cast<double>(agreeing[at(v)]);
    const double by_chance = static_cast<double>(r + 1) + degree * chance + 3 * std::sqrt(degree * chance);
    const bool enough = count >= std::max(static_cast<double>(r + 2), by_chance);
    const bool typical = count >= 0.5 * fit.share * degree - std::sqrt(degree);
    alive[at(v)] = enough && typical && !ambiguous[at(v)];
  }
  for (bool changed = true; changed;) {
    std::vector<bool> inside(fit.agrees.size());
    for (std::size_t e = 0; e < inside.size(); ++e) inside[e] = fit.agrees[e] && alive[at(graph.i[e])] && alive[at(graph.j[e])];
    const std::vector<Index> count = count_pairs(graph, inside);
    changed = false;
    for (Index v = 0; v < graph.points; ++v) {
      if (!alive[at(v)] || count[at(v)] >= r + 2) continue;
      alive[at(v)] = false;
      changed = true;
    }
  }
  return alive;
}

// Splits the determined points where the consistent pairs do not hold them together, until every body holds.
void split_into_bodies(const Graph& graph, Solved& solved) {
  std::vector<std::vector<bool>> queue;
  const std::vector<Index> connected = components(graph, solved.fit.agrees, solved.alive);
  const Index pieces = connected.empty() ? 0 : 1 + *std::max_element(connected.begin(), connected.end());
  for (Index p = 0; p < pieces; ++p) {
    std::vector<bool> piece(connected.size());
    for (std::size_t v = 0; v < piece.size(); ++v) piece[v] = connected[v] == p;
    queue.push_back(std::move(piece));
  }
  std::vector<std::vector<bool>> bodies;
  bool first = true;
  for (std::size_t head = 0; head < queue.size(); ++head) {
    std::vector<bool> piece = queue[head];
    const Cut cut = weakest_cut(graph, solved.fit, piece);
    if (first) {
      solved.joint_pairs = cut.consistent_pairs;
      solved.joint_needed = cut.needed;
      first = false;
    }
    if (cut.holds) {
      bodies.push_back(std::move(piece));
      continue;
    }
    std::vector<bool> rest = piece;
    for (std::size_t v = 0; v < rest.size(); ++v) rest[v] = piece[v] && !cut.side[v];
    queue.push_back(std::move(rest));
    queue.push_back(cut.side);
  }
  std::stable_sort(bodies.begin(), bodies.end(), [](const auto& a, const auto& b) {
    return std::count(a.begin(), a.end(), true) > std::count(b.begin(), b.end(), true);
  });
  solved.bodies = static_cast<Index>(bodies.size());
  solved.body.assign(at(graph.points), -1);
  for (std::size_t b = 0; b < bodies.size(); ++b) {
    for (std::size_t v = 0; v < bodies[b].size(); ++v) {
      if (bodies[b][v]) solved.body[v] = static_cast<Index>(b);
    }
  }
  if (!bodies.empty()) solved.stiffness = stiffness(graph, solved.fit, bodies.front());
}

// How far the noise scale falls with one dimension more, beyond what its freedoms explain; 1 where the data are exact.
double further_shrink(const Graph& train, RankSearch& search, const Fit& fit) {
  const Index r = fit.V.cols();
  if (r + 1 > search.top() || fit.scale <= 1e-5 * train.typical) return 1;
  const Fit& more = search.fit(r + 1);
  const std::vector<double> own = units(train, fit.law);
  const std::vector<double> other = units(train, more.law);
  std::vector<double> residual(own.size());
  for (std::size_t e = 0; e < own.size(); ++e) residual[e] = more.residual[e] * other[e] / own[e];
  const double honest = fit.share * static_cast<double>(train.pairs());
  const auto freedoms = [&](Index rank) { return std::max(honest - static_cast<double>(train.points * rank), 1.0); };
  const double expected = std::sqrt(freedoms(r + 1) / freedoms(r));
  return honest_scale(residual, 0) / (fit.scale * expected);
}

Solved attempt(const Graph& graph, Index search_rank, SolveOptions options, Driver& driver, Index& passes) {
  const auto pairs = static_cast<double>(graph.pairs());
  // Few pairs: enough are held out to say something, but never more than a fifth.
  const double holdout = options.holdout > 0 ? std::max(options.holdout, std::min(0.2, 1.5 * kHeldOutPairs / pairs)) : 0.0;
  const std::vector<bool> train = training_pairs(graph, holdout, options.seed);
  const Graph training = select(graph, train);
  const Started started =
      start(training, {.search_rank = std::min(search_rank, graph.points - 2), .seed = options.seed}, driver, passes);
  RankSearch search(training, started, options.seed, driver, passes);
  Fit fit = search.best(options.rank);

  Solved solved;
  solved.singular_values = started.singular_values;
  solved.median_distance = graph.typical;
  solved.training_share = fit.share;
  solved.held_out_share = held_out_share(graph, train, fit, solved.held_out_pairs);
  if (options.rank == 0 && !driver.stopped()) {
    solved.further_shrink = further_shrink(training, search, fit);
    solved.room = search.top() - fit.V.cols();
  }
  solved.fit = polish(graph, std::move(fit.V), fit.law, driver, passes);
  if (driver.stopped()) {  // a partial map: no more than which points it determines so far
    solved.alive = determined(graph, solved.fit, std::vector<bool>(at(graph.points), false));
    solved.body.assign(at(graph.points), -1);
    for (std::size_t v = 0; v < solved.body.size(); ++v) {
      if (solved.alive[v]) solved.body[v] = 0;
    }
    solved.bodies = 1;
    return solved;
  }
  const auto look = [&](int round) {
    return try_elsewhere(graph, solved.fit, options.seed * 1000003 + 100 + static_cast<std::uint64_t>(round), driver);
  };
  Elsewhere elsewhere = look(0);
  for (int round = 1; round < 4 && elsewhere.moved > 0 && !driver.stopped(); ++round) {
    solved.fit = polish(graph, std::move(solved.fit.V), solved.fit.law, driver, passes);
    elsewhere = look(round);
  }
  solved.alive = determined(graph, solved.fit, elsewhere.ambiguous);
  split_into_bodies(graph, solved);
  return solved;
}

}  // namespace

double pairs_per_unknown(const Graph& graph, const Fit& fit) {
  return fit.share * static_cast<double>(graph.pairs()) / static_cast<double>(graph.points * fit.V.cols());
}

bool recovered(const Graph& graph, const Solved& solved) {
  const auto placed = std::count(solved.alive.begin(), solved.alive.end(), true);
  return solved.held_out_share >= kHeldOutShare * solved.training_share &&
         pairs_per_unknown(graph, solved.fit) >= kPairsPerUnknown && 2 * placed >= graph.points &&
         solved.fit.scale <= kCoarse * solved.median_distance;
}

Solved solve(const Graph& graph, SolveOptions options, Driver& driver, Index& passes) {
  const Index usual = std::clamp<Index>(graph.pairs() / (2 * graph.points), 3, 10);
  const Index ranks[] = {usual, usual < 10 ? 10 : 20, usual / 2, usual};
  Solved best;
  double best_score = -INFINITY;
  Index starts = 0;
  for (const Index search_rank : ranks) {
    SolveOptions tried = options;
    tried.seed = options.seed + static_cast<std::uint64_t>(starts);
    Solved solved = attempt(graph, std::max<Index>({search_rank, options.rank + 1, 3}), tried, driver, passes);
    ++starts;
    const double score = solved.held_out_share > 0.5 * solved.training_share ? solved.fit.evidence : 0;
    const bool stands = recovered(graph, solved);
    if (starts == 1 || score > best_score) {
      best_score = score;
      best = std::move(solved);
    }
    if (stands || driver.stopped()) break;
  }
  best.starts = starts;
  return best;
}

}  // namespace gossan::locating
