#include "recover/locate/verdict.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gossan/linalg.hpp"
#include "recover/shared/checks.hpp"
#include "run/ask.hpp"

namespace gossan::locating {
namespace {

// A noise scale above this share of the median distance may hide a dimension. What a missing dimension leaves in the residuals
// looks like noise of constant size, so that law is believed less far.
constexpr double kFineConstant = 0.005;
constexpr double kFineProportional = 0.02;
// A further dimension that shrinks the noise scale by more than its freedoms explain is a dimension missed.
constexpr double kShrink = 0.75;
// A dimension in which the points spread less than this many noise scales may be noise.
constexpr double kThick = 2;
// Softer than this, noise moves parts of the map; exact data tell even soft places apart.
constexpr double kStiff = 0.02;
constexpr double kStiffExact = 1e-6;
constexpr double kExactNoise = 1e-7;

}  // namespace

Evidence judge(const Graph& graph, const Solved& solved, const Located& answer) {
  const Fit& fit = solved.fit;
  const auto undetermined = std::count(answer.placement.begin(), answer.placement.end(), Placement::undetermined);
  const Index bodies = 1 + *std::max_element(answer.component.begin(), answer.component.end());
  const double noise = fit.scale / solved.median_distance;
  Evidence evidence;
  const auto passes = [&](Check check) {
    evidence.checks.push_back(std::move(check));
    return evidence.checks.back().passed;
  };

  const bool held = passes(at_least("held-out pairs agree", solved.held_out_share, kHeldOutShare * solved.training_share,
                                    "share of the pairs kept out of the fit that agree with the map"));
  const bool tested = passes(at_least("pairs held out", static_cast<double>(solved.held_out_pairs), kHeldOutPairs,
                                      "pairs kept out of the fit; fewer could not contradict it"));
  const bool enough = passes(at_least("consistent pairs per unknown", pairs_per_unknown(graph, fit), kPairsPerUnknown,
                                      "pairs that agree with the map, for every coordinate that was fitted"));
  const bool fine = passes(at_most("noise against distances", noise, fit.law == Law::constant ? kFineConstant : kFineProportional,
                                   "noise scale of the honest pairs in median distances; a coarse fit may hide a dimension"));
  const bool settled = passes(at_least("a further dimension adds nothing", solved.further_shrink, kShrink,
                                       "noise scale with one dimension more over that without, its freedoms accounted for"));
  const bool room = passes(at_least("room for a further dimension", static_cast<double>(solved.room), 1,
                                    "dimensions beyond the one found that could have been tried"));
  const Matrix centred = fit.V.rowwise() - fit.V.colwise().mean();
  const double thinnest = svd(centred).s.tail(1)[0] / std::sqrt(static_cast<double>(fit.V.rows()));
  const bool thick = passes(at_least("thinnest dimension", thinnest / std::max(fit.scale, 1e-6 * solved.median_distance), kThick,
                                     "spread of the points in their thinnest dimension, in noise scales"));
  const bool whole = passes(at_most("points left undetermined", static_cast<double>(undetermined), 0,
                                    "points that too few consistent pairs tie to the map"));
  const bool one = passes(at_most("separate bodies", static_cast<double>(bodies), 1,
                                  "parts of the map whose places relative to each other nothing fixes"));
  const bool joined =
      passes(at_least("pairs over the weakest joint", static_cast<double>(solved.joint_pairs), solved.joint_needed,
                      "consistent pairs across the weakest cut of the map, against what two rigid parts need"));
  const bool rigid =
      passes(at_least("stiffness", solved.stiffness, noise < kExactNoise ? kStiffExact : kStiff,
                      "stiffness of the softest deformation relative to the median point; 0 means that a part can move"));

  const bool mostly = 2 * undetermined <= static_cast<Index>(answer.placement.size());
  const bool stopped = cut_off(answer.status);
  const auto say = [&](Verdict verdict, std::string message) {
    evidence.verdict = verdict;
    evidence.message = std::move(message);
  };
  const std::string dimensions = std::to_string(answer.rank) + (answer.rank == 1 ? " dimension" : " dimensions");
  if (stopped) {
    say(Verdict::failed, "Stopped before the end (" + to_string(answer.status) + "): this is a partial result.");
  } else if (!held) {
    say(Verdict::failed, "Not recovered: the map does not predict the pairs kept out of the fit.");
  } else if (!enough) {
    say(Verdict::failed, "Not recovered: too few pairs agree with the map for the number of its coordinates.");
  } else if (!mostly) {
    say(Verdict::failed, "Not recovered: more than half of the points are undetermined.");
  } else if (noise > kCoarse) {
    say(Verdict::failed, "Not recovered: the pairs agree with the map only to a coarse scale.");
  } else if (!one) {
    say(Verdict::doubtful,
        "The map falls into " + std::to_string(bodies) +
            " parts; each may be right, but the consistent pairs do not fix their places relative to each other.");
  } else if (!whole) {
    say(Verdict::doubtful, std::to_string(undetermined) + (undetermined == 1 ? " point is" : " points are") +
                               " joined by too few honest distances and left undetermined; the others are placed.");
  } else if (!joined || !rigid) {
    say(Verdict::doubtful, "The map holds together too loosely: a part of it could move without the consistent pairs noticing.");
  } else if (!thick) {
    say(Verdict::doubtful, "The points hardly spread beyond the noise in at least one dimension.");
  } else if (!tested) {
    say(Verdict::doubtful, "Too few pairs were kept out of the fit to contradict it.");
  } else if (!room) {
    say(Verdict::doubtful, "The largest dimension that could be tried was chosen: the true one may be larger.");
  } else if (!settled) {
    say(Verdict::doubtful, "A dimension may be missing: one more would explain the honest pairs markedly better.");
  } else if (!fine) {
    say(Verdict::doubtful, "The noise is large against the distances, so that a thin dimension could hide in it.");
  } else {
    say(Verdict::trusted, "All points placed in " + dimensions + "; every check passed.");
  }
  return evidence;
}

}  // namespace gossan::locating
