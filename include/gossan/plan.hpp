// How many measurements to collect: the share of simulated instances that sense() recovers, by the number of measurements.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/matrix.hpp"
#include "gossan/options.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

struct PlanOptions {
  Index rows = 20;
  Index cols = 0;  // 0: symmetric PSD, rows x rows
  Index rank = 3;
  double condition = 10.0;              // singular values fall geometrically from 1 to 1 / condition
  double corruption = 0.1;              // share of wrong measurements
  std::string kind = "huge";            // of wrong measurements, as in GenerateSenseOptions
  double noise = 0.0;                   // standard deviation of Gaussian noise, relative to the rms of A(X)
  double success = 0.95;                // share of instances to recover
  Index trials = 20;                    // a point of the curve
  std::string ensemble = "rademacher";  // implicit (docs/ensembles.md)
  std::string generator = "ars";
  std::uint64_t seed = 0;
  Fields fields();
};

struct PlanPoint {
  Index measurements = 0;
  Index trials = 0;  // fewer than asked for where the first quarter all failed, more where the search came back
  Index successes = 0;
  Index trusted = 0;        // answers that sense() called trusted, right or wrong
  double median_error = 0;  // |X - truth|_F / |truth|_F
};

// P(success) = 1 / (1 + exp(-(logit(share) + slope log(n / measurements)))): the share asked for at n = measurements.
struct SuccessCurve {
  double share = 0;
  double measurements = std::numeric_limits<double>::quiet_NaN();  // median of the posterior; NaN: nothing to tell it from
  double lower = measurements, upper = measurements;               // 5 % and 95 % of the posterior
  double slope = measurements;
  double operator()(double n) const;         // NaN where there is no curve
  double reaches(double probability) const;  // the n of a probability in (0, 1)
};
// Flat priors in log(measurements), within a factor of 3 of the points, and in log(slope) from 2 to 200.
SuccessCurve fit_success_curve(const std::vector<PlanPoint>& points, double share);

struct Plan {
  std::vector<PlanPoint> points;  // by number of measurements
  SuccessCurve curve;
  Index unknowns = 0;  // degrees of freedom of the matrix
  Evidence evidence;   // trusted: the rate was reached, and the interval is narrow
  Status status = Status::converged;
};

// An instance counts as recovered when, without noise, the relative error is below 1e-3 and the rank is right; with noise, when
// the error is no more than 1.5 times noise sqrt(unknowns / (n_in - unknowns)), which least squares told the rank and the n_in
// honest measurements makes in expectation (1 + 3 / sqrt(2 unknowns) times where that is more: chance), and no more than 1/2. No
// more than `unknowns` honest measurements are always a failure.
//
// Observers of `watch` are called by several threads at a time. A point that they cut short goes without its unfinished trials.
// Throws std::invalid_argument on bad options.
Plan plan_sensing(PlanOptions options, const Watch& watch = {});

}  // namespace gossan
