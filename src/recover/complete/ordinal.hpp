// Ordered levels: a rating is the cell that a latent score N(prediction, 1) falls into (Albert & Chib 1993), unless it is random
// or reversed.
#pragma once

#include <cstdint>

#include "recover/complete/calibration.hpp"
#include "recover/complete/variational.hpp"

namespace gossan::completing {

class Ordinal final : public Noise {
 public:
  // level: of each entry, row order. The fit must be in units of the latent score (noise 1, thresholds those of the scale).
  Ordinal(const Entries& entries, std::vector<std::uint8_t> level, Scale scale);

  Fitted fitted() const override { return {score_, honest_, 0, 1}; }
  void see(Index first, Index last, const double* mean, const double* variance, double* sum) override;
  double learn(const Vector& sum, Bilinear& fit) override;
  Params state() const override;
  void restore(const Params& state) override;

  // Scores and honesty by the predictions that were seen. Returns the log likelihood of the levels and, of each threshold, the
  // expected number of honest ratings below it, the derivative of that, and the number there is.
  Vector weigh();

  const Scale& scale() const { return scale_; }
  const std::vector<double>& honest() const { return honest_; }  // how likely each rating is neither random nor reversed

 private:
  void recalibrate(Bilinear& fit);
  void move_thresholds(const Vector& sums);  // one Newton step, by what weigh() says

  const Entries& entries_;
  std::vector<std::uint8_t> level_;
  Scale scale_;
  std::vector<double> mean_, variance_;  // of the predictions
  std::vector<double> score_, honest_;
  Index k_ = 0;
};

// Of a rating of this level, whose score is predicted as `mean`: the mean of the latent score, N(mean, 1) within its cell.
double latent_mean(const Scale& scale, double mean, std::size_t level);
// How likely it is neither random nor reversed; score: of the prediction, noise included.
double honesty(const Scale& scale, double score, std::size_t level);

// Predictions as they would be had the entry been left out: mean - h / (1 - h) (target - mean), h = min(variance weight, .7) the
// entry's share in its own prediction.
inline double left_out(double mean, double variance, double target, double weight) {
  const double h = std::min(variance * weight, 0.7);
  return mean - h / (1 - h) * (target - mean);
}

}  // namespace gossan::completing
