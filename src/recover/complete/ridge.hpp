// Least squares for low-rank matrices seen at some entries: alternating ridge regressions of rows and columns.
#pragma once

#include "gossan/run.hpp"
#include "recover/complete/posterior.hpp"

namespace gossan::completing {

// Spans that the columns of A and of B are in, by orthonormal columns; empty: all.
struct Spans {
  Matrix rows = {}, cols = {};  // rows x a, cols x b
};

// One sweep: every row of A on those of B, then every row of B on those of A, then both balanced, so that their columns are
// orthogonal and of equal norms. O(r^2) an entry, O(r^3) a row.
class RidgeSweeps final : public Iteration {
 public:
  // The ridge of a sweep is ridge * rms residual * sqrt(q) (sqrt(rows) + sqrt(cols)), q the share of entries that are seen: what
  // keeps noise of that size out; and at least 1e-12 of the mean of squares. Ends, by change 0, once the residual is below
  // `enough` of the values.
  // With spans the rows of A, or B, hang together: A = F P, one regression of a r unknowns. Entries and spans must outlive it.
  RidgeSweeps(const Entries& entries, Matrix A, Matrix B, double ridge, double enough, const Spans& spans);
  Iterate step() override;
  Params state() const override { return {{"A", A_}, {"B", B_}}; }
  void restore(const Params& state) override;

  const Matrix& A() const { return A_; }
  const Matrix& B() const { return B_; }
  double residual() const { return residual_; }  // root mean square

 private:
  const Entries& entries_;
  const Spans& spans_;
  Matrix A_, B_;
  double ridge_, enough_, scale_;
  double residual_ = 0;
  Index k_ = 0;
};

// Of A B^T at the entries: value - prediction.
std::vector<double> low_rank_residuals(const Entries& entries, const Matrix& A, const Matrix& B);

// The rows' posterior given the columns, for noise of this variance and a prior variance of each component; `span` as above.
Posterior rows_given(const Grouped& side, const std::vector<double>& value, const Matrix& B, double variance, double prior,
                     const Matrix& span);

}  // namespace gossan::completing
