// A table in the form that regressions read: eight rows (or columns) side by side.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "gossan/function_ref.hpp"
#include "gossan/linalg.hpp"
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

// The rows of a table, or its columns, as problems of one equation an entry. Rows and columns are two views of one array.
class Lanes {
 public:
  Lanes(Index problems, Index equations);  // NaN everywhere
  Lanes turned() const;                    // the equations of these as problems; the numbers are shared
  Index problems() const { return problems_; }
  Index equations() const { return equations_; }
  Index tiles() const { return block_count(problems_, fit_lanes); }
  Index blocks() const { return block_count(equations_, fit_lanes); }
  double& at(Index problem, Index equation) { return y_->data()[place(problem, equation)]; }
  double at(Index problem, Index equation) const { return y_->data()[place(problem, equation)]; }
  // A tile holds the equations of eight problems, as LaneFit wants them.
  struct Tile {
    const double* y = nullptr;
    Index first = 0, count = 0;  // problems
  };
  // For every tile, in parallel: what the body may write is what belongs to the tile. Its y is there during the body alone, which
  // must not look at further tiles.
  void each_tile(function_ref<void(const Tile& tile)> body) const;

 private:
  static constexpr Index square = fit_lanes * fit_lanes;
  Index place(Index problem, Index equation) const {
    if (turned_) std::swap(problem, equation);
    const Index width = turned_ ? tiles() : blocks();
    return ((problem / fit_lanes) * width + equation / fit_lanes) * square + equation % fit_lanes * fit_lanes +
           problem % fit_lanes;
  }
  const double* tile(Index t) const;

  Index problems_, equations_;
  bool turned_ = false;
  std::shared_ptr<AlignedArray<double>> y_;  // squares of eight problems by eight equations, those of a tile one after another
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
