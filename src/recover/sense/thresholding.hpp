// Steps 2 to 4 of the tuning-free recovery: robust iterative thresholding, whose rank grows as the residual falls.
#pragma once

#include <vector>

#include "gossan/run.hpp"
#include "recover/sense/equations.hpp"

namespace gossan::sensing {

// A redescending score in units of the noise: residuals count in full up to `clip`, constantly up to `reject`, less and less up
// to 1.5 `reject`, and not at all beyond. `step` is the length in units of a population gradient step.
struct Score {
  double clip = 1, reject = 1.5, step = 0.7;
};

class Thresholding final : public Iteration {
 public:
  Thresholding(const Equations& equations, const Score& score, Index most_rank);

  Iterate step() override;
  Params state() const override;
  void restore(const Params& state) override;

  // Of the matrix that the last step set out from.
  const LowRank& before() const { return before_; }
  double scale() const { return scale_; }  // median |residual| / 0.6745
  // Of that matrix, as the step saw them: rough where that served, less an offset where the matrices have a mean.
  const std::vector<double>& residuals() const { return residual_; }
  // Where a step would lead whose rank is told.
  LowRank step_to_rank(Index rank);
  // A step's largest singular values beyond the rank, without taking it.
  Vector spectrum_beyond();

  // Goes on from X, whose residuals have this scale.
  void move_to(LowRank X, double scale);

 private:
  void fused_pass();     // residual_ and S_ in one pass, with the scale expected from the last two
  void centred_pass();   // in two, with the offset and scale of these very residuals
  void gradient_step();  // Z_ = X_ - step times the gradient; its noise edge
  double score(double residual) const;

  const Equations& equations_;
  Score score_;
  Index most_rank_;
  LowRank X_, before_;
  double first_scale_ = 0, scale_ = 0, expected_ = 0, edge_ = 0, length_ = 0;
  Index k_ = 0;
  std::vector<double> residual_;
  Matrix S_, Z_;
  Params theta_;
};

}  // namespace gossan::sensing
