// One connected set of points: start, rank, polish, and what speaks for the answer.
#pragma once

#include "recover/locate/driver.hpp"
#include "recover/locate/finish.hpp"

namespace gossan::locating {

struct Solved {
  Fit fit;                    // on all pairs
  Vector singular_values;     // of the start
  double training_share = 0;  // of consistent pairs, in the fit of the training pairs
  double held_out_share = 1;  // of held-out pairs within twice the consistent bound
  Index held_out_pairs = 0;
  double median_distance = 0;
  double further_shrink = 1;  // noise scale with one dimension more over the noise scale, freedoms accounted for
  Index room = 1;             // dimensions that could have been tried beyond the one found; 1 when it was told
  std::vector<bool> alive;    // points that enough consistent pairs determine
  std::vector<Index> body;    // rigid body of every point, 0 the largest, -1 undetermined
  Index bodies = 0;
  Index joint_pairs = 0;  // consistent pairs over the weakest cut
  double joint_needed = 0;
  double stiffness = 0;  // of the largest body
  Index starts = 0;
};

struct SolveOptions {
  Index rank = 0;  // 0: found
  double holdout = 0.05;
  std::uint64_t seed = 0;
};
Solved solve(const Graph& graph, SolveOptions options, Driver& driver, Index& passes);

// What decides whether the answer stands at all; another start is tried when it does not.
bool recovered(const Graph& graph, const Solved& solved);
inline constexpr double kHeldOutShare = 0.7;  // of the training share
inline constexpr double kPairsPerUnknown = 1.5;
inline constexpr double kHeldOutPairs = 10;  // fewer say nothing
inline constexpr double kCoarse = 0.05;      // noise scale in median distances
double pairs_per_unknown(const Graph& graph, const Fit& fit);

}  // namespace gossan::locating
