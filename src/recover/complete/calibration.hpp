// How scores turn into levels, and how many ratings are random or reversed: maximum likelihood on leave-one-out predictions.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gossan/run.hpp"

namespace gossan::completing {

// A rating of score x is level k when a x + N(0, 1) lies in (t_{k-1}, t_k]; a share `random` is drawn evenly from the levels, and
// of a share `reversed` the order is turned round.
struct Scale {
  double a = 1;
  std::vector<double> thresholds = {};  // L - 1, ascending
  double random = 0.02, reversed = 0.02;
  Index levels() const { return static_cast<Index>(thresholds.size()) + 1; }
  double honest() const { return 1 - random - reversed; }
};

// Counts of levels by score.
struct Scores {
  Matrix counts;  // bins x L
  Vector score;   // bins: mean of those in it
};
// level: of entries; score: of the same.
Scores tabulate_scores(std::span<const double> score, std::span<const std::uint8_t> level, Index levels);

// The likeliest scale, from three starts: few bad ratings, many random, many reversed.
Scale calibrate(const Scores& scores, const Scale& start);

// -log likelihood a rating, and its gradient with respect to [log a, t_0, log of the gaps, log of random and reversed over
// honest].
double scale_misfit(const Scores& scores, const Vector& p, Vector* gradient);
Vector parameters_of(const Scale& scale);
Scale scale_of(const Vector& p);

}  // namespace gossan::completing
