// The posterior of rows (or columns), its moments, and one half of a sweep: rows given columns, or columns given rows.
#pragma once

#include <span>

#include "gossan/linalg.hpp"
#include "recover/complete/entries.hpp"
#include "recover/complete/prior.hpp"
#include "recover/shared/packed.hpp"

namespace gossan::completing {

// x_a = [factor, bias] of row a is N(mean_a, C_a), K = R + 1 numbers.
struct Posterior {
  Matrix mean;        // n x K
  Matrix covariance;  // n x K(K+1)/2, lower triangles row by row
  Index count() const { return mean.rows(); }
  Index rank() const { return mean.cols() - 1; }
  void rescale(const Vector& d);  // x = diag(d) x
};

// The inverse of each row, a symmetric matrix by its lower triangle; the number of the first row that is not positive
// definite, or -1.
Index invert_each(const Matrix& matrices, Index K, Matrix& inverse);

// E of all that the other side needs of a row with factor f and bias b, one record a row:
// [f f^T packed | b f | f | 1 | b | b^2 | padding 0].
struct Moments {
  Index rank = 0;
  Matrix records;
  Index factor_at() const { return packed_size(rank) + rank; }  // of f, and 1 and b behind it
};
void moments(const Posterior& posterior, Moments& out);

// What a half sweep fits: target_e - offset by weight_e, over the noise variance.
struct Fitted {
  std::span<const double> target, weight;  // N, row order
  double offset = 0, variance = 1;
};

// The posterior of every row given the moments of the others: C = (P + sum (w/s2) E[z z^T])^-1 and
// mean = C (P m + sum (w/s2) ((y - mu) E[z] - E[b z])), z = [f, 1] and b of the other side. O((R+1)^2) an entry,
// O((R+1)^3) a row.
void update_rows(const Grouped& side, const Moments& others, const Fitted& fit, const PriorView& prior, Posterior& posterior);

// Means and variances of the predictions (without the offset) of entries first .. last - 1, all those of rows [from, to).
void predict_rows(const Grouped& side, const Posterior& rows, const Moments& cols, Index from, Index to, double* mean,
                  double* variance);

}  // namespace gossan::completing
