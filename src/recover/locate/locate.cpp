// Points from pairwise distances of which many may be lies. The squared distance of two points is <(e_i - e_j)(e_i - e_j)^T, G>
// for their Gram matrix G, so that the pairs measure, linearly, a PSD matrix whose small rank is the dimension of the space; arcs
// on a sphere of radius R become chords 2R sin(d / 2R), and the rank becomes 3.
//   1. connected components                     (graph)
//   2. l1 sub-gradient run in more dimensions than needed, small start  (start)
//   3. every candidate rank finished: majorise, refine, place anew      (finish)
//   4. rank and noise law by description length                        (search)
//   5. polish on all pairs; which points and bodies are determined     (solve, rigidity)
//   6. verdict                                                         (verdict)
#include "gossan/locate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "gossan/watch.hpp"
#include "recover/locate/solve.hpp"
#include "recover/locate/verdict.hpp"
#include "recover/shared/checkpoint_file.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/option_fields.hpp"

namespace gossan {
namespace {

using namespace locating;

[[noreturn]] void refuse(const std::string& problem) { throw std::invalid_argument("locate: " + problem); }

void validate(const Distances& data) {
  if (data.points < 3) refuse("needs at least 3 points, has " + std::to_string(data.points));
  if (data.i.size() != data.distance.size() || data.j.size() != data.distance.size()) {
    refuse("i, j and distance must have the same length, have " + std::to_string(data.i.size()) + ", " +
           std::to_string(data.j.size()) + " and " + std::to_string(data.distance.size()));
  }
  if (data.distance.empty()) refuse("needs at least one pair");
  std::set<std::pair<Index, Index>> seen;
  double largest = 0;
  for (std::size_t e = 0; e < data.distance.size(); ++e) {
    const std::string pair = "pair " + std::to_string(e);
    const Index low = std::min(data.i[e], data.j[e]);
    const Index high = std::max(data.i[e], data.j[e]);
    if (low < 0 || high >= data.points) {
      refuse(pair + " is (" + std::to_string(data.i[e]) + ", " + std::to_string(data.j[e]) + "), expected points 0 to " +
             std::to_string(data.points - 1));
    }
    if (low == high) refuse(pair + " joins point " + std::to_string(low) + " to itself");
    if (!(data.distance[e] >= 0) || !std::isfinite(data.distance[e])) {
      refuse(pair + " has distance " + std::to_string(data.distance[e]) + ", expected a finite number >= 0");
    }
    if (!seen.emplace(low, high).second) {
      refuse(pair + " repeats the pair (" + std::to_string(low) + ", " + std::to_string(high) + ")");
    }
    largest = std::max(largest, data.distance[e]);
  }
  if (largest == 0) refuse("all distances are 0");
}

// Chords of arcs; an arc longer than half the girth cannot be, and is a lie whatever the map.
std::vector<double> chords(const std::vector<double>& arcs, double radius) {
  std::vector<double> chord(arcs.size());
  std::transform(arcs.begin(), arcs.end(), chord.begin(),
                 [&](double arc) { return 2 * radius * std::sin(std::min(arc / (2 * radius), std::numbers::pi / 2)); });
  return chord;
}

// One connected set of points of the whole, renumbered.
struct Part {
  std::vector<Index> points;  // of the whole
  std::vector<Index> pairs;   // of the whole
  Graph graph;
};

Part part_of(const Graph& whole, const std::vector<Index>& label, Index name) {
  Part part;
  std::vector<Index> number(label.size(), -1);
  for (std::size_t v = 0; v < label.size(); ++v) {
    if (label[v] != name) continue;
    number[v] = static_cast<Index>(part.points.size());
    part.points.push_back(static_cast<Index>(v));
  }
  std::vector<Index> i;
  std::vector<Index> j;
  std::vector<double> distance;
  for (Index e = 0; e < whole.pairs(); ++e) {
    if (number[at(whole.i[at(e)])] < 0) continue;
    part.pairs.push_back(e);
    i.push_back(number[at(whole.i[at(e)])]);
    j.push_back(number[at(whole.j[at(e)])]);
    distance.push_back(whole.distance[at(e)]);
  }
  part.graph = make_graph(static_cast<Index>(part.points.size()), std::move(i), std::move(j), std::move(distance));
  return part;
}

// Fewer points or pairs than any map of one dimension could be checked with.
bool too_small(const Part& part) { return part.graph.points < 6 || part.graph.pairs() < 2 * part.graph.points; }

// Writes a solved part into the answer; its bodies are numbered after those already there.
void take(const Part& part, const Solved& solved, Index bodies_before, Located& answer) {
  const Index r = std::min(solved.fit.V.cols(), answer.rank);
  const std::vector<double> unit = units(part.graph, solved.fit.law);
  for (std::size_t v = 0; v < part.points.size(); ++v) {
    const auto row = part.points[v];
    answer.points.row(row).head(r) = solved.fit.V.row(static_cast<Index>(v)).head(r);
    if (solved.body[v] < 0) continue;
    answer.placement[at(row)] = Placement::placed;
    answer.component[at(row)] = bodies_before + solved.body[v];
  }
  for (std::size_t e = 0; e < part.pairs.size(); ++e) {
    const Index body = solved.body[at(part.graph.i[e])];
    if (body < 0 || solved.body[at(part.graph.j[e])] != body) continue;  // nothing to judge the pair by
    answer.residuals[at(part.pairs[e])] = solved.fit.residual[e] * unit[e];
    answer.outliers[at(part.pairs[e])] = !solved.fit.agrees[e];
  }
}

std::string plain(double number) {
  std::string text = std::to_string(number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

Fields LocateOptions::fields() {
  return {
      {.name = "metric",
       .value = &metric,
       .help = "what the distances are: straight lines, or arcs on a sphere",
       .choices = {"euclidean", "great-circle"}},
      {.name = "radius", .value = &radius, .help = "of the sphere, in the unit of the distances (great-circle)", .least = 1e-300},
      {.name = "rank", .value = &rank, .help = "dimension of the space; 0: found from the data", .least = 0, .most = 20},
      holdout_field(&holdout, "pairs"),
      {.name = "seed", .value = &seed, .help = "of the random start and the held-out pairs"},
  };
}

Located locate(const Distances& data, LocateOptions options, const Watch& watch) {
  check(options.fields(), "locate");
  refuse_checkpoints(watch, "locate");
  validate(data);
  const bool sphere = options.metric == "great-circle";
  const Graph whole = make_graph(data.points, data.i, data.j, sphere ? chords(data.distance, options.radius) : data.distance);
  const std::vector<Index> label =
      components(whole, std::vector<bool>(data.i.size(), true), std::vector<bool>(at(data.points), true));
  const Index parts = 1 + *std::max_element(label.begin(), label.end());

  Located answer;
  answer.placement.assign(at(data.points), Placement::undetermined);
  answer.component.assign(at(data.points), -1);
  answer.residuals.assign(data.distance.size(), std::numeric_limits<double>::quiet_NaN());
  answer.outliers.assign(data.distance.size(), false);
  answer.outlier_cut = kConsistent;
  Driver driver(watch, answer.history);

  // The largest part finds the rank; the others are told it.
  const Part main = part_of(whole, label, 0);
  if (too_small(main)) {
    refuse("the largest connected set has " + std::to_string(main.graph.points) + " points and " +
           std::to_string(main.graph.pairs()) + " pairs; a map needs at least 6 points and 2 pairs a point");
  }
  if (options.rank > main.graph.points - 3) {
    refuse("rank is " + std::to_string(options.rank) + ", expected at most " + std::to_string(main.graph.points - 3) + " for " +
           std::to_string(main.graph.points) + " connected points");
  }
  const Solved solved = solve(main.graph, {options.rank, options.holdout, options.seed}, driver, answer.sweeps);
  answer.rank = solved.fit.V.cols();
  answer.points = Matrix::Zero(data.points, answer.rank);
  take(main, solved, 0, answer);
  Index bodies = solved.bodies;
  for (Index p = 1; p < parts && !driver.stopped(); ++p) {
    const Part part = part_of(whole, label, p);
    if (too_small(part) || part.graph.points < answer.rank + 3) continue;
    const Solved other = solve(part.graph, {answer.rank, options.holdout, options.seed}, driver, answer.sweeps);
    if (!recovered(part.graph, other)) continue;
    take(part, other, bodies, answer);
    bodies += other.bodies;
  }
  if (sphere) {
    const double half_girth = std::numbers::pi * options.radius;
    for (std::size_t e = 0; e < data.distance.size(); ++e) {
      if (data.distance[e] > half_girth + kConsistent * solved.fit.scale) answer.outliers[e] = true;
    }
  }

  answer.noise_scale = solved.fit.scale;
  answer.noise_law = solved.fit.law == Law::constant ? "constant" : "proportional";
  answer.singular_values = solved.singular_values;
  answer.holdout_consistent = solved.held_out_share;
  answer.training_consistent = solved.training_share;
  answer.outlier_fraction = share_marked(answer.outliers);
  answer.status = driver.status();
  answer.evidence = judge(main.graph, solved, answer);
  answer.choices = {{"rank", std::to_string(answer.rank) + (options.rank > 0 ? " (told)" : " (by description length)")},
                    {"noise law", answer.noise_law},
                    {"outlier cut", plain(answer.outlier_cut) + " noise scales"},
                    {"starts", std::to_string(solved.starts)}};
  return answer;
}

}  // namespace gossan
