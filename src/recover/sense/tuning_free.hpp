// The tuning-free recovery of a low-rank matrix from linear measurements: no rank, noise level, scale or share of outliers is
// told.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "recover/sense/low_rank.hpp"

namespace gossan::sensing {

// Where there is noise, a singular value counts when it is this many times what noise alone makes in a least-squares fit.
// Measured: directions of noise and of agreeing outliers stay below 1.5, true ones of 100 times the noise's share above 1.7.
inline constexpr double least_over_edge = 1.5;

inline constexpr double most_unseen = 0.02;

struct TuningFreeLimits {
  Index rank = 0;        // at most
  Index iterations = 0;  // of all runs together
  double holdout = 0;
  std::uint64_t seed = 0;
};

struct TuningFree {
  LowRank X;
  double scale = 0;                        // of honest residuals
  bool exact = false;                      // more than half of the equations hold to 8 digits
  Index runs = 0;                          // of the portfolio, this one included
  double agreement = 0;                    // |X_1 - X_2|_F / |X_1|_F of the two best runs; infinite where there was one
  double spread = 0;                       // expected |X - truth|_F / |truth|_F by the noise, for a fit of the honest equations
  Vector tail;                             // singular values of what a last gradient step finds beyond the rank, descending
  double edge = 0;                         // and how large noise alone makes them
  std::vector<bool> fitted;                // the caller's order: not held out of the fit that the held-out residuals are of
  std::vector<double> residuals;           // the caller's order: of X
  std::vector<double> held_out_residuals;  // the caller's order: of that fit
  double unseen = 1;                       // of the tangent space
  Result result;
};

// Numerical trouble is no exception: the result says diverged. holdout: the share that is kept out of a fit where there is noise.
TuningFree tuning_free(const Operator& A, std::span<const double> y, bool symmetric, const TuningFreeLimits& limits,
                       History& history, const Watch& watch);

}  // namespace gossan::sensing
