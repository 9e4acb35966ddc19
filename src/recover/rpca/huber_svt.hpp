// A start that needs no rank: singular values of a clipped residual step are kept where they stand above what clipped noise
// makes, while the clip falls no faster than a given rate.
#pragma once

#include "gossan/run.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// Clip in units of the scale; by how much the scale may fall a step, at most; steps.
struct HuberSchedule {
  double clip = 2, fall = 0.85;
  Index steps = 100;
};

// X+ = the singular values above 1.1 rms(v) (sqrt m + sqrt n) / sqrt q of X + v / q, v = clip(Y - X, +-clip s) where observed,
// s = max(median |Y - X| / .6745, fall s). By one warm step of block power iteration instead of an SVD: two passes a step, O(mn
// (r + 5)).
class HuberSvt final : public Iteration {
 public:
  HuberSvt(const ObservedTable& table, const HuberSchedule& schedule, Index most_rank, std::uint64_t seed);
  Iterate step() override;
  Params state() const override { return {{"L", X_.L}, {"R", X_.R}}; }
  void restore(const Params& state) override;

  bool done() const { return scale_ <= explained * first_scale_; }
  const TableFactors& found() const { return X_; }

 private:
  static constexpr double explained = 1e-3;

  void widen(Index columns);  // of the basis, by random columns

  const ObservedTable& table_;
  HuberSchedule schedule_;
  Index most_rank_;
  std::uint64_t seed_;
  TableFactors X_;
  Matrix V_;  // cols x block: of the right singular vectors
  double first_scale_ = 0, scale_ = 0;
  Index k_ = 0;
  Params theta_;
};

}  // namespace gossan::robust_pca
