// The prior of the rows (or columns): row a of [factor, bias] is N(F_a W, diag(1/alpha)), and F_a what is known of it beside its
// entries. W by ridge regression; its ridge and alpha by the evidence (type II maximum likelihood).
#pragma once

#include "gossan/matrix.hpp"
#include "gossan/params.hpp"

namespace gossan::completing {

struct Posterior;

// A prior as a half sweep wants it: row a is N(mean_a, diag(1 / alpha)), or N(mean_a, P_a^-1) where each has a precision P_a.
struct PriorView {
  const Matrix& mean;                 // n x K
  const Vector* alpha = nullptr;      // K
  const Matrix* precision = nullptr;  // n x K(K+1)/2, lower triangles row by row
};

class Prior {
 public:
  Prior() = default;
  Prior(const Matrix& F, Index K);

  // From the posterior of the rows: the means F W, and, where `learn`, alpha.
  void update(const Posterior& posterior, bool learn);
  void rescale(const Vector& d);  // of the columns of [factor, bias]

  PriorView view() const { return {mean_, &alpha_}; }
  const Vector& alpha() const { return alpha_; }
  Matrix weights() const { return basis_ * (U_.transpose() * mean_); }  // W, f x K
  Params state() const;
  void restore(const Params& state);

 private:
  Matrix U_;              // n x f: orthonormal, of the singular value decomposition of F
  Matrix basis_;          // columns of F x f: U = F basis
  Vector square_;         // f: its squared singular values
  Vector ridge_, alpha_;  // K
  Matrix mean_;           // n x K
};

}  // namespace gossan::completing
