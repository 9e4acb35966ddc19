// sense: a matrix from linear measurements, some of them wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"
#include "gossan/observers.hpp"
#include "gossan/operators.hpp"
#include "gossan/options.hpp"
#include "gossan/recover.hpp"
#include "gossan/run.hpp"
#include "gossan/trajectory.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// With nothing named, the tuning-free recovery: it is told neither rank, nor noise, nor scale, nor how much of the data is bad.
// With a method, loss, schedule or start named from the tables, descent by these parts.
struct SenseOptions {
  std::string model = "auto";
  std::string loss = "auto";
  std::string method = "auto";
  std::string schedule = "auto";
  std::string init = "auto";
  std::string penalty = "auto";  // for methods of composite objectives; "none"
  Index rank = 0;                // at most; descent: search rank, the columns of the factors; 0: min(rows, cols)
  Index max_iterations = 5000;   // of all runs together
  double holdout = 0.05;         // share of the measurements kept back for the verdict
  std::uint64_t seed = 0;
  Index batch = 0;                         // descent: measurements a step; 0: all
  std::string batch_order = "reshuffled";  // or "replacement" (MinibatchOptions)
  bool excess_risk = false;                // with a truth: its split into signal and noise beside the history, by three more runs
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
  Choices choices;  // every name and option used
};

// Throws std::invalid_argument on lengths that do not match, values that are not finite, unknown names and bad options.
Sensed sense(const Operator& A, std::span<const double> y, SenseOptions options, const Watch& watch = {});

// The operator, its matrices symmetrised where that is all that is asked for: it lives until the next call. So a caller may hold
// half the data (DenseOptions::symmetric) while a symmetric unknown is tried.
using Measuring = std::function<const Operator&(bool symmetric)>;
Sensed sense(const Measuring& measuring, std::span<const double> y, SenseOptions options, const Watch& watch = {});

}  // namespace gossan
