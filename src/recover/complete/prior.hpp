// The prior of the rows (or columns): row a of [factor, bias] is N(F_a W, diag(1/alpha)), and F_a what is known of it beside its
// entries. W by ridge regression; its ridge and alpha by the evidence (type II maximum likelihood).
#pragma once

#include "gossan/matrix.hpp"
#include "gossan/params.hpp"

namespace gossan::completing {

struct Posterior;

class Prior {
 public:
  Prior() = default;
  Prior(const Matrix& F, Index K);

  // From the posterior of the rows: the means F W, and, where `learn`, alpha.
  void update(const Posterior& posterior, bool learn);
  void rescale(const Vector& d);  // of the columns of [factor, bias]

  const Matrix& mean() const { return mean_; }
  const Vector& alpha() const { return alpha_; }
  Params state() const;
  void restore(const Params& state);

 private:
  Matrix U_;              // n x f: orthonormal, of the singular value decomposition of F
  Vector square_;         // f: its squared singular values
  Vector ridge_, alpha_;  // K
  Matrix mean_;           // n x K
};

}  // namespace gossan::completing
