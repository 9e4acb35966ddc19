// Alternating ridge regressions with Huber weights, which sharpen a start and drop what noise explains.
#pragma once

#include "gossan/run.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// Rows, then columns, by least squares with weights min(1, 1.5 s / |residual|) and ridge s sqrt(q) (sqrt m + sqrt n) / 2, where
// the scale s falls by a quarter a sweep at most; singular values below s (sqrt m + sqrt n) / sqrt q go. Two passes a sweep, O(mn
// r^2).
class IrlsAls final : public Iteration {
 public:
  IrlsAls(const ObservedTable& table, TableFactors start);
  Iterate step() override;
  Params state() const override { return {{"L", X_.L}, {"R", X_.R}}; }
  void restore(const Params& state) override { X_ = {state.at(0).value, state.at(1).value}; }

  bool done() const { return done_; }
  const TableFactors& found() const { return X_; }
  double scale() const { return scale_; }  // of honest residuals, as the last sweep read it

 private:
  const ObservedTable& table_;
  TableFactors X_;
  double allowed_ = 0, scale_ = 0;
  Index k_ = 0;
  bool done_ = false;
  std::vector<double> last_;  // predictions of the sample
  Params theta_;
};

}  // namespace gossan::robust_pca
