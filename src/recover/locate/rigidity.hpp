// Could parts of the map move against each other without the consistent pairs noticing?
#pragma once

#include "recover/locate/finish.hpp"

namespace gossan::locating {

// The weakest way to cut the placed points in two, of those that the second eigenvector of the consistent pairs' graph orders.
struct Cut {
  std::vector<bool> side;      // the smaller side; empty where the points are too few to cut
  Index consistent_pairs = 0;  // across the cut
  Index pairs = 0;
  double needed = 0;  // consistent pairs that a joint of two rigid bodies needs to be believed
  bool holds = true;
};
// A joint of two rigid bodies has r(r+1)/2 freedoms, and lies agree with any joint by chance: `needed` asks for twice the
// freedoms and three standard deviations of chance more. Besides, the share of consistent pairs across the cut must not fall
// significantly below half of that elsewhere: halves placed wrongly call the honest pairs between them lies.
Cut weakest_cut(const Graph& graph, const Fit& fit, const std::vector<bool>& alive);

// Smallest eigenvalue of J^T J on the consistent pairs of the placed points, motions of the whole map taken out, relative to the
// median point's stiffness. Zero: some part is free to move (an upper bound: by inverse iteration).
double stiffness(const Graph& graph, const Fit& fit, const std::vector<bool>& alive);

// Chance that a lie agrees with the map.
double chance_of_agreement(const Graph& graph, const Fit& fit);

}  // namespace gossan::locating
