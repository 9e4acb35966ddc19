// A table in the form that regressions read: eight rows (or columns) side by side.
#pragma once

#include <vector>

#include "gossan/function_ref.hpp"
#include "gossan/matrix.hpp"
#include "linalg/aligned.hpp"
#include "linalg/kernels/lane_fit.hpp"

namespace gossan::robust_pca {

// A matrix of one row an equation, by blocks of eight rows.
class Blocked {
 public:
  void set(const Matrix& F);
  // Products F_kp F_kq, q <= p.
  void set_pairs(const Blocked& F);
  Index blocks() const { return blocks_; }
  Index cols() const { return cols_; }
  const double* data() const { return values_.data(); }

 private:
  Index blocks_ = 0, cols_ = 0;
  AlignedArray<double> values_;
};

// The rows of a table, or its columns, as problems of one equation an entry.
class Lanes {
 public:
  Lanes(Index problems, Index equations);
  Index problems() const { return problems_; }
  Index equations() const { return equations_; }
  Index tiles() const { return (problems_ + fit_lanes - 1) / fit_lanes; }
  Index blocks() const { return (equations_ + fit_lanes - 1) / fit_lanes; }
  double* tile(Index t) { return y_.data() + t * blocks() * fit_lanes * fit_lanes; }
  const double* tile(Index t) const { return y_.data() + t * blocks() * fit_lanes * fit_lanes; }
  double& at(Index problem, Index equation) { return tile(problem / fit_lanes)[equation * fit_lanes + problem % fit_lanes]; }
  double at(Index problem, Index equation) const { return tile(problem / fit_lanes)[equation * fit_lanes + problem % fit_lanes]; }
  // Calls body(tile, first problem, problems) for every tile, in parallel: what it may write is what belongs to the tile.
  void each_tile(function_ref<void(Index tile, Index first, Index count)> body) const;

 private:
  Index problems_, equations_;
  AlignedArray<double> y_;
};

// Rows of a factor beside each other, r x 8, and back.
void to_lanes(const Matrix& rows, Index first, Index count, double* x);
void from_lanes(const double* x, Index first, Index count, Matrix& rows);

// Every problem's x by weighted least squares on F: weights by the residuals of `current` (problems x r), bound and ridge for all
// problems alike. The result has the shape of `current`.
struct HalfStep {
  LaneWeight weight = LaneWeight::all;
  double bound = 0, ridge = 0;
};
Matrix half_step(const Lanes& table, const Matrix& F, const Matrix& current, const HalfStep& step);

// Every problem's x by least absolute deviations on F: iteratively reweighted least squares whose smoothing falls by .7 a sweep
// from scale[problem]. Rows of F that are 0 take no part.
Matrix least_absolute(const Lanes& table, const Matrix& F, const std::vector<double>& scale, Index sweeps);

// sum_j clip(Y_ij - <X_i, F_j>, +-bound) V_j for every problem i; *squares gets the sum of the squares of what is clipped.
Matrix clipped_product(const Lanes& table, const Matrix& F, const Matrix& X, double bound, const Matrix& V, double* squares);

// Per problem the number of entries with |<X_i, F_j> - Y_ij| <= bound.
std::vector<Index> count_within(const Lanes& table, const Matrix& F, const Matrix& X, double bound);

}  // namespace gossan::robust_pca
