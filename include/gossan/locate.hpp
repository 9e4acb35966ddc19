// locate: points from pairwise distances, some of them lies.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/options.hpp"
#include "gossan/recover.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// E pairs (i_e, j_e) of points 0 .. points-1, each at most once, i_e != j_e, with a distance >= 0.
struct Distances {
  Index points = 0;
  std::vector<Index> i, j;
  std::vector<double> distance;
};

struct LocateOptions {
  std::string metric = "euclidean";  // or "great-circle": distances are arcs in km on a sphere of radius `radius`
  double radius = 6371.0;            // of the sphere, in the unit of the distances (great-circle only)
  Index rank = 0;                    // dimension of the space; 0: found from the data
  double holdout = 0.05;             // share of the pairs kept back for the verdict
  std::uint64_t seed = 0;
  Fields fields();
};

enum class Placement { placed, undetermined };

struct Located {
  Matrix points;                     // N x rank, centred; up to rotation, reflection and translation (of each component)
  std::vector<Placement> placement;  // N
  std::vector<Index> component;      // N: rigid piece that a point belongs to, 0 the largest; -1 where undetermined
  Index rank = 0;
  double noise_scale = 0;  // standard deviation of honest residuals; at the median distance where `noise_law` is proportional
  std::string noise_law;   // "constant" or "proportional"
  double outlier_fraction = 0;    // of all pairs
  std::vector<double> residuals;  // E: |v_i - v_j| - d_e (chords for great-circle), NaN unless both points are of one rigid piece
  double outlier_cut = 0;         // |residual| in units of noise_scale beyond which a pair is called a lie
  std::vector<bool> outliers;     // E
  Vector singular_values;         // of the over-parameterised start, centred, descending
  double holdout_consistent = 0, training_consistent = 0;  // shares of consistent pairs, held out and fitted
  Evidence evidence;
  History history;
  Status status = Status::converged;
  Index sweeps = 0;  // passes over the pairs
  Choices choices;   // what was chosen for the user, in order
};

// Throws std::invalid_argument on a malformed Distances or option.
Located locate(const Distances& data, LocateOptions options, const Watch& watch = {});

}  // namespace gossan
