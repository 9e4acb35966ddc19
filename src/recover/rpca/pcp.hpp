// Principal component pursuit: the convex way, which needs no rank either.
#pragma once

#include "gossan/run.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// min |X|_* + lambda |E|_1 subject to X + E = Y where observed, lambda = 1 / sqrt(max(m, n) q) (Candes, Li, Ma & Wright 2011,
// section 1.6 for what is missing), by the inexact augmented Lagrangian method (Lin, Chen & Ma 2010) with a penalty that grows
// by 1.2 a step. A step costs the eigenpairs of the smaller Gram matrix; three tables of memory.
class Pcp final : public Iteration {
 public:
  explicit Pcp(const ObservedTable& table);
  Iterate step() override;
  Params state() const override { return {{"L", X_.L}, {"R", X_.R}}; }
  void restore(const Params& state) override { X_ = {state.at(0).value, state.at(1).value}; }

  bool done() const { return residual_ <= tolerance; }
  const TableFactors& found() const { return X_; }  // balanced, singular values descending

 private:
  static constexpr double tolerance = 1e-7;  // |Y - X - E|_F / |Y|_F

  void threshold_singular_values();
  void update_dual();

  bool wide_;           // more columns than rows: worked on transposed
  const Lanes& lanes_;  // the long side's problems
  double lambda_ = 0, mu_ = 0, norm_ = 0, residual_ = 1;
  Matrix A_, dual_, M_;  // long x short
  TableFactors X_;
  Vector s_;
  Index k_ = 0;
  Params theta_;
};

}  // namespace gossan::robust_pca
