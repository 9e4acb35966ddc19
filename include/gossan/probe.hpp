// The landscape of f(theta) = (1/n) sum_e loss(<A_e, X> - y_e) at one point, X = U U^T or L R^T: is the point stationary, does f
// fall away from it, and do the measurements keep directions there. A tool of simulation: a lower loss may belong to a worse
// answer.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/operators.hpp"
#include "gossan/options.hpp"
#include "gossan/params.hpp"
#include "gossan/watch.hpp"

namespace gossan {

struct ProbeOptions {
  std::string loss = "absolute";  // absolute, or one that is Smooth
  double cut = 0;           // residuals of at most this size count as zero; 0: 1e-9 of the largest prediction, which is rounding
  double gamma = 0;         // largest step along the direction; 0: chosen
  double tolerance = 1e-5;  // stationary: a gradient of at most this share of Stationarity::scale
  Index max_iterations = 5000;  // of the search for the smallest sub-gradient
  Index samples = 100;          // random tangents of the sharpness
  Index draws = 20;             // random matrices of Sign-RIP
  std::uint64_t seed = 0;
  Fields fields();
  Settings settings;  // "loss.delta" = "1"
};

struct ProbePoint {
  Matrix L = {};  // rows x search rank; U where symmetric
  Matrix R = {};  // cols x search rank; empty: X = L L^T
  bool symmetric() const { return R.size() == 0; }
};
// A point with the product X and `columns` columns (0: as many as X has rank), those beyond the rank zero: U U^T where X is
// symmetric positive semidefinite to rounding, else a balanced pair. Throws std::invalid_argument where the columns are fewer
// than the rank, or an entry is not finite.
ProbePoint factored(const Matrix& X, Index columns);
// The same point with zero columns added. Throws std::invalid_argument on fewer columns than there are.
ProbePoint widened(ProbePoint point, Index columns);

struct Stationarity {
  enum class State { stationary, not_stationary, undecided };
  State state = State::undecided;
  // Norm of the smallest element found of the (sub)differential. Of the absolute loss it is Clarke's: weights in [-1, 1] where
  // the residual is zero, signs elsewhere. No direction of unit length descends faster than this.
  double residual = 0;
  double slope = 0;  // a directional derivative that was found along a unit direction: f descends at least this fast where < 0
  double scale = 0;  // the largest gradient that weights of the size of those at X = 0 can make
  Index iterations = 0;  // a sweep each
};

// Smallest of the directional derivatives along random unit tangents T = dL R^T + L dR^T, |T|_F = 1: no lower bound, as other
// tangents may be worse.
struct Sharpness {
  double least = 0, mean = 0;
  Index samples = 0;
};

struct Difference {
  double gamma = 0;
  double slope = 0;        // (f(theta + gamma direction) - f(theta)) / gamma^2, measurement by measurement
  Index sign_changes = 0;  // residuals, not zero before, whose sign the step turns: none while the slope is as predicted
};

// The absolute loss along a dX = gamma^2 P that does not change X to first order: dL and dR in the null spaces of the factors,
// P against the signs of the residuals that are not zero, |P|_F = 1. For small gamma f changes by gamma^2 slope.
struct StructuredDirection {
  Params direction = {};                     // at gamma = 1
  Index freedom = 0;                         // columns that the null spaces leave: the search rank less the rank of the factors
  double zero_cost = 0;                      // (1/n) sum of |<A_e, P>| over the zero residuals: what they charge
  double gaussian_cost = 0;                  // the same in expectation over standard normal A_e: sqrt(2 / pi) times their share
  double outlier_gain = 0;                   // <M, P>, M = (1/n) sum of Sign(r_e) A_e over the others, at most 0
  double slope = 0;                          // zero_cost + outlier_gain
  double curvature = 0;                      // second derivative along the unit direction: 2 slope / |direction|^2
  double gamma_limit = 0;                    // where the first sign may turn
  std::vector<Difference> differences = {};  // at gamma, gamma / 10, gamma / 100
  bool descends() const;                     // slope and differences are all negative
};

// Extreme eigenvalues of a smooth loss's Hessian with respect to theta.
struct HessianEnds {
  double smallest = 0, largest = 0;
  double gauss_newton = 0, residual = 0;     // the two parts of `smallest`: sum of loss'' and of loss' terms
  Params direction = {};                     // unit eigenvector of `smallest`, turned not to ascend
  std::vector<Difference> differences = {};  // along it; predicted: smallest / 2
  bool descends() const;                     // `smallest` is negative beyond rounding, and so are the differences
};

// delta_k = sqrt(sum of the k largest sigma_j(Q - phi X / |X|_F)^2) / phi with phi = <Q, X> / |X|_F: how far Q may deviate from
// the direction of X, against any matrix of rank k. Sign-RIP: Q = (1/n) sum_e Sign(<A_e, X> - s_e) A_e; l2-RIP: without Sign.
struct Deviation {
  double size = 0;          // |X|_F
  double phi = 0;           // Sign-RIP's
  double phi_gaussian = 0;  // the same in expectation over standard normal A_e: sqrt(2 / pi) mean of exp(-s_e^2 / (2 |X|_F^2))
  std::vector<double> delta = {};  // one a k
  std::vector<double> l2 = {};     // of the l2 map; NaN where its phi is not positive
};
struct SignRip {
  std::vector<Index> k = {};            // r, 2r, 4r, as far as the matrix goes; r the rank of the reference
  bool of_truth = false;                // s_e = y_e - <A_e, reference>: of the truth where there is one, else of the point
  std::optional<Deviation> error = {};  // at X = point - truth
  std::vector<Deviation> draws = {};    // at random X of rank r and the size of the reference
  std::vector<double> typical = {};     // of delta_k where A_e are standard normal, by the size of a random Q
  double largest(std::size_t which_k, bool l2 = false) const;  // over error and draws: a lower bound of the supremum
};

struct AgainstTruth {
  double relative_error = 0;  // |X - truth|_F / |truth|_F
  double objective = 0;       // f at the truth
  Index zero_residuals = 0;   // at the truth, within the cut
};

struct Probe {
  Status status = Status::converged;  // interrupted, time_limit: the parts that came later are missing
  std::string verdict = {};           // "strict saddle", "no descent found", "not stationary", "undecided"
  std::string message = {};
  double objective = 0;
  Index rank = 0, search_rank = 0;  // of the factors: singular values above 1e-6 of the largest; their columns
  double cut = 0;
  Index zero_residuals = 0, nonzero_residuals = 0;
  Stationarity stationarity = {};
  std::optional<Sharpness> sharpness = {};            // absolute loss, factors not all zero
  std::optional<StructuredDirection> direction = {};  // absolute loss
  std::string no_direction = {};                      // why there is none
  std::optional<HessianEnds> hessian = {};            // smooth losses
  SignRip sign_rip = {};
  std::optional<AgainstTruth> truth = {};
};

// Forms rows x cols matrices. `truth` (rows x cols) may be null. An observer of `watch`, asked between its steps, ends
// it with what there is. Throws std::invalid_argument on shapes that do not go together, values that are not finite, a truth that
// is zero, unknown names and bad options.
Probe probe(const Operator& A, std::span<const double> y, const ProbePoint& at, const Matrix* truth, const ProbeOptions& options,
            const Watch& watch = {});

}  // namespace gossan
