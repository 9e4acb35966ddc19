// Step 5 of the tuning-free recovery: Gauss-Newton on the honest measurements, at fixed rank, by conjugate gradients in the
// tangent space of the matrices of that rank.
#pragma once

#include <span>
#include <vector>

#include "gossan/run.hpp"
#include "recover/sense/equations.hpp"

namespace gossan::sensing {

class GaussNewton final : public Iteration {
 public:
  // residuals: of X; rough ones serve, for each step ends with exact ones. `fixed`: the honest measurements; empty: chosen anew
  // in each step, by falling_scale. Equations and `fixed` must outlive it.
  GaussNewton(const Equations& equations, LowRank X, std::vector<double> residuals, std::span<const char> fixed = {});

  Iterate step() override;
  Params state() const override;
  void restore(const Params& state) override;

  const LowRank& matrix() const { return X_; }
  const std::vector<double>& residuals() const { return residual_; }
  double scale() const { return scale_; }  // of the honest residuals

 private:
  void weigh();  // scale_ and honest_ of residual_
  Equations::Tangent solve() const;

  const Equations& equations_;
  std::span<const char> fixed_;
  LowRank X_;
  std::vector<double> residual_;
  std::vector<char> honest_;
  double scale_ = 0;
  double fall_ = 1;  // of the scale, by the last step
  Index k_ = 0;
  Params theta_;
};

// The share of a random tangent direction at X that conjugate gradients on the honest equations do not bring back: what the
// measurements do not see of X, or hardly. They go no further than below `enough`.
double unseen(const Equations& equations, const LowRank& X, std::span<const char> honest, std::uint64_t seed, double enough);

// |X_hat - X|_F of a least-squares fit whose honest measurements have noise of standard deviation 1: one draw.
double drawn_error(const Equations& equations, const LowRank& X, std::span<const char> honest, std::uint64_t seed);

}  // namespace gossan::sensing
