// Experiments: a grid of seeded runs whose truth is known, as a figure or a table of a paper reports them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/options.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// What tells one line of a figure, or one place along it, from the others.
struct Variant {
  std::string name;
  Settings settings;
};

// Settings are "instance.problem" (sensing, completion, full), "instance." with an option of generate_sensing or
// generate_entries, "run." with an option of sense or of its parts ("run.rank", "run.schedule.step"), "probe.columns": the truth
// with so many columns is probed as well, "phase.learnt" and "phase.beyond": descents are watched for a low-rank phase. The full
// problem is that of all entries of the truth at once, off by a random matrix, symmetric where the truth is, whose largest
// singular value is "instance.perturbation". A point's settings go before those of its line, and these before the common ones.
struct Experiment {
  Settings settings;
  std::vector<Variant> series = {{}};  // lines of the figure, at least one
  std::vector<Variant> points = {{}};  // places along a line, at least one
  Index trials = 1;                    // instances; the same ones for every line and place of the same instance settings
  std::uint64_t seed = 0;
};

// The course of a run, thinned to some hundred steps.
struct Course {
  std::vector<Index> k;
  std::vector<double> error, loss;
  std::vector<double> effective_rank = {};  // where a low-rank phase is looked for
};

// Where an iterate is of low rank and near the truth, of rank r: its r leading singular values are off by at most the share
// "phase.learnt" of the true ones, and the next is at most the share "phase.beyond" of the smallest true one.
struct Phase {
  Index first = 0, last = 0;  // among the steps of the course; 0: never
  // Sine of the largest angle between the r leading left singular vectors and the true ones, at the last of these steps.
  double angle = std::numeric_limits<double>::quiet_NaN();
};

struct Trial {
  double error = std::numeric_limits<double>::quiet_NaN();           // |X - truth|_F
  double relative_error = std::numeric_limits<double>::quiet_NaN();  // over |truth|_F
  double loss = std::numeric_limits<double>::quiet_NaN();
  double minimax = 0;  // nu sqrt(d r / n): with noise of standard deviation nu, what no estimator beats by more than a constant
  Index rank = 0, iterations = 0, sweeps = 0;
  double seconds = 0;
  bool success = false;  // relative_error < 1e-3
  bool trusted = false;  // said by the verdict
  // Of the probed truth: the slope along the structured direction, whether the loss descends there, and whether the truth is a
  // strict saddle.
  double slope = std::numeric_limits<double>::quiet_NaN();
  bool descends = false, strict_saddle = false;
  Vector singular_values;  // of X, descending
  double effective_rank = std::numeric_limits<double>::quiet_NaN();
  Phase phase;
  Course course;
};

struct Cell {
  std::size_t series = 0, point = 0;
  std::vector<Trial> trials;
};

struct Experimented {
  std::vector<Cell> cells;  // line by line; without the cells that a stop left unfinished
  Status status = Status::converged;
};

// Trials run side by side, a thread each. Throws std::invalid_argument on settings that are not known or do not go together.
// Observers of `watch` are called by several threads at a time.
Experimented run_experiment(const Experiment& experiment, const Watch& watch = {});

// A number that a paper would give of a cell: the median over trials of error, relative_error, loss, minimax, rank, iterations,
// sweeps, seconds, slope, effective_rank, phase_start, phase_end, phase_length (their difference), phase_angle, and of
// "singular_value I", I = 1, 2, ... (0 beyond the last); the share that are success, trusted, trusted_and_wrong, descends,
// strict_saddle, saddle_and_success; "steps to V", the first step at which the median course has an error of at most V; "steps to
// floor", at most twice the last; "least error", of that course. NaN where it never is. Throws std::invalid_argument on another
// name.
double quantity(const Cell& cell, std::string_view name);

// The median course of a cell's trials.
Course median_course(const Cell& cell);

}  // namespace gossan
