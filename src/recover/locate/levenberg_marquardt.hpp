// Levenberg-Marquardt on Tukey's biweight of res_e = (|v_i - v_j| - d_e) / unit_e, the cut annealed from wide to
// 4.685 noise scales: c_t = max(c_0 2^-t, 4.685 s_t), s_t re-estimated at every step. Normal equations by CG with the
// points' own blocks as preconditioner; the damping falls by 5 on success and grows by 10 on failure.
#pragma once

#include "gossan/run.hpp"
#include "recover/locate/conjugate_gradients.hpp"
#include "recover/locate/residual.hpp"

namespace gossan::locating {

struct LevenbergMarquardtOptions {
  double first_cut = 0;      // c_0; 0: no annealing
  double scale_floor = 0;    // least noise scale
  Index most_products = 40;  // of CG in a solve
};

class LevenbergMarquardt final : public Iteration {
 public:
  LevenbergMarquardt(const Graph& graph, std::span<const double> unit, Matrix V, LevenbergMarquardtOptions options);
  Iterate step() override;
  Params state() const override;
  void restore(const Params& state) override;
  Index products() const { return products_; }  // passes over the pairs

 private:
  double loss(const Matrix& V, double cut);
  void linearise(const Matrix& V, double cut);
  void solve(double damping);

  const Graph& graph_;
  std::span<const double> unit_;
  LevenbergMarquardtOptions options_;
  Index t_ = 0;
  Index products_ = 0;
  double damping_ = 1e-3;
  Params theta_;
  std::vector<double> residual_, trial_residual_, root_weight_;
  std::vector<double> jacobian_;  // 2E x r: sqrt(w_e) (v_v - v_u) / (|v_v - v_u| unit_e) of every half-edge
  Matrix gradient_, move_, trial_;
  Matrix diagonal_, inverse_;  // points x r^2: diagonal blocks of J^T W J, and of the inverse of the damped ones
  Vector trace_;               // mean diagonal of each block
  ConjugateGradients solver_;
};

}  // namespace gossan::locating
