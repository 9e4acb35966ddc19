// The recoveries: recipes that need no tuning and return the answer with its evidence.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"
#include "gossan/objectives.hpp"
#include "gossan/observers.hpp"
#include "gossan/options.hpp"
#include "gossan/table.hpp"
#include "gossan/trajectory.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// --- locate: points from pairwise distances, some of them lies ---------------------------------------------------------------

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
  Index sweeps = 0;                                          // passes over the pairs
  std::vector<std::pair<std::string, std::string>> choices;  // what was chosen for the user, in order
};

// Throws std::invalid_argument on a malformed Distances or option.
Located locate(const Distances& data, LocateOptions options, const Watch& watch = {});

// --- sense: a matrix from linear measurements, some of them wrong --------------------------------------------------------------

// With nothing named, the tuning-free recovery: it is told neither rank, nor noise, nor scale, nor how much of the data is bad.
// With a method, loss, schedule or start named from the tables, descent by these parts.
struct SenseOptions {
  std::string model = "auto";
  std::string loss = "auto";
  std::string method = "auto";
  std::string schedule = "auto";
  std::string init = "auto";
  Index rank = 0;               // at most; descent: search rank, the columns of the factors; 0: min(rows, cols)
  Index max_iterations = 5000;  // of all runs together
  double holdout = 0.05;        // share of the measurements kept back for the verdict
  std::uint64_t seed = 0;
  bool excess_risk = false;  // with a truth: its split into signal and noise beside the history, by three more runs
  Fields fields();
  Settings settings;  // "loss.delta" = "1", "schedule.step" = "0.5", ...: options of the chosen rows
  bool tuning_free() const;
  // With the companions of the method, and their options, in place of "auto" (methods.hpp).
  SenseOptions with_parts(bool square) const;
};

struct Sensed {
  Matrix L, R;  // rows x search rank, cols x search rank; R empty where symmetric
  bool symmetric = false;
  Index rank = 0;                 // numerical rank read from the singular values of L R^T
  Index search_rank = 0;          // columns of the factors that the run could use: those that did not start at 0
  Vector singular_values;         // of L R^T, descending
  std::vector<double> residuals;  // n: prediction - y
  double noise_scale = 0;         // robust (MAD)
  double outlier_cut = 0;
  std::vector<bool> outliers;  // n
  double outlier_fraction = 0;
  double holdout_median = 0, training_median = 0;  // median |residual|; tuning-free: of the fit that left the held-out ones out
  // Tuning-free: |X - truth|_F / |truth|_F that noise of this size leads to, 0 where the equations hold exactly. NaN: not known.
  double expected_error = std::numeric_limits<double>::quiet_NaN();
  Evidence evidence;
  History history;
  Trajectory trajectory;  // descent by named parts: beside the history
  Result result;          // of the run
  Index sweeps = 0;
  std::vector<std::pair<std::string, std::string>> choices;  // every name and option used
};

// Throws std::invalid_argument on lengths that do not match, values that are not finite, unknown names and bad options.
Sensed sense(const Operator& A, std::span<const double> y, SenseOptions options, const Watch& watch = {});

// The operator, its matrices symmetrised where that is all that is asked for: it lives until the next call. So a caller may hold
// half the data (DenseOptions::symmetric) while a symmetric unknown is tried.
using Measuring = std::function<const Operator&(bool symmetric)>;
Sensed sense(const Measuring& measuring, std::span<const double> y, SenseOptions options, const Watch& watch = {});

// --- table ---------------------------------------------------------------------------------------------------------------------
struct RecoveryRow {
  std::string name;  // the verb
  std::string help;
  std::string input;  // what it reads
  std::vector<FieldView> options;
};
const std::vector<RecoveryRow>& recoveries();

}  // namespace gossan
