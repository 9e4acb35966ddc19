// Reweighted majorisation (SMACOF) of the l1 stress sum_e | |v_i - v_j| - d_e | / unit_e:
//   w_e = 1 / (unit_e^2 max(|res_e|, delta_t)),  V <- L_w^+ A^T (w d (v_i - v_j) / |v_i - v_j|),
// with delta_t falling from half the median distance by a factor .8 a step. L_w is the weighted Laplacian; the solve is by CG
// from the present map. Good from a start that is right in the large; from a random start in few dimensions it stalls.
#pragma once

#include "gossan/run.hpp"
#include "recover/locate/conjugate_gradients.hpp"
#include "recover/locate/residual.hpp"

namespace gossan::locating {

class Majorisation final : public Iteration {
 public:
  Majorisation(const Graph& graph, std::span<const double> unit, Matrix V);
  Iterate step() override;
  Params state() const override;
  void restore(const Params& state) override;
  Index products() const { return products_; }  // passes over the pairs

 private:
  const Graph& graph_;
  std::span<const double> unit_;
  double median_;
  Index t_ = 0;
  Index products_ = 0;
  Params theta_;
  std::vector<double> residual_, weight_;
  Vector diagonal_;
  Matrix rhs_, next_;
  ConjugateGradients solver_;
};

}  // namespace gossan::locating
