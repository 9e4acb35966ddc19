// Noise of heavy tails: y = mu + prediction + sigma t_nu, by its weights (Lange, Little & Taylor 1989).
#pragma once

#include "recover/complete/variational.hpp"

namespace gossan::completing {

class StudentT final : public Noise {
 public:
  explicit StudentT(const Entries& entries);

  Fitted fitted() const override { return {entries_.value, weight_, mu_, variance_}; }
  void see(Index first, Index last, const double* mean, const double* variance, double* sum) override;
  double learn(const Vector& sum, Bilinear& fit) override;
  Params state() const override;
  void restore(const Params& state) override;

  double mu() const { return mu_; }
  double variance() const { return variance_; }  // sigma^2
  double nu() const { return nu_; }
  const std::vector<double>& weights() const { return weight_; }  // (nu + 1) / (nu + e^2 / sigma^2)
  void start_from(double mu, double variance, double nu) { mu_ = mu, variance_ = variance, nu_ = nu; }

 private:
  const Entries& entries_;
  std::vector<double> weight_;
  double mu_ = 0, variance_ = 1, nu_ = 5;
  Index k_ = 0;
};

}  // namespace gossan::completing
