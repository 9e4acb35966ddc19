// Variational Bayes for y = rows' factors times columns' factors, and biases of both: sweeps over rows, columns and noise.
#pragma once

#include <cstdint>

#include "gossan/run.hpp"
#include "recover/complete/mask_features.hpp"
#include "recover/complete/posterior.hpp"

namespace gossan::completing {

class Bilinear;

// What values are, given the predictions of the bilinear part: it says what the next half sweeps fit, and learns from the
// predictions that they lead to.
class Noise {
 public:
  virtual ~Noise() = default;
  static constexpr Index sums = 4;  // numbers that an entry may add to
  virtual Fitted fitted() const = 0;
  // Entries first .. last - 1, their predictions and variances. Blocks come concurrently; `sum` is the block's own, 0 at first.
  virtual void see(Index first, Index last, const double* mean, const double* variance, double* sum) = 0;
  // Once all were seen, with their sums. Returns the mean negative log-likelihood of the values; may rescale the fit.
  virtual double learn(const Vector& sum, Bilinear& fit) = 0;
  virtual Params state() const = 0;
  virtual void restore(const Params& state) = 0;
};

// The bilinear part: posteriors and priors of rows and columns.
struct BilinearSide {
  Posterior posterior;
  Prior prior;
  Moments moment;
};
class Bilinear {
 public:
  BilinearSide row, col;
  Index rank() const { return row.posterior.rank(); }
  // Predictions become `by` times what they were.
  void rescale(double by);
};

// Factors N(0, .01), biases 0.
Bilinear random_start(const Features& features, Index rank, std::uint64_t seed);

// Lets the noise see the predictions of this fit; returns the sums of all entries.
Vector show(const Entries& entries, const Bilinear& fit, Noise& noise);

class Sweeps final : public Iteration {
 public:
  // alpha is held for the first `warm` sweeps: learnt earlier, it ends the components before they have found their places. All
  // must outlive it.
  Sweeps(const Entries& entries, Bilinear& fit, Noise& noise, Index warm)
      : entries_(entries), fit_(fit), noise_(noise), warm_(warm) {}

  Iterate step() override;
  Params state() const override;
  void restore(const Params& state) override;
  // Lets the noise see the present fit, without a sweep.
  double look();

 private:
  const Entries& entries_;
  Bilinear& fit_;
  Noise& noise_;
  Index warm_;
  Index k_ = 0;
  double before_ = 0;
};

}  // namespace gossan::completing
