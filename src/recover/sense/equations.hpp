// The equations A(X) = y of a tuning-free run, and the passes over them that its steps ask for. Vectors over measurements are in
// the order of the sweeps.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gossan/operators.hpp"
#include "recover/sense/low_rank.hpp"

namespace gossan::sensing {

class Equations {
 public:
  // Draws random probes of A, from `seed`, to learn how large its matrices are. symmetric: X is positive semidefinite. A must
  // outlive it. Everything is in units of y.
  Equations(const Operator& A, std::span<const double> y, bool symmetric, std::uint64_t seed);

  Index rows() const { return A_.rows(); }
  Index cols() const { return A_.cols(); }
  Index count() const { return static_cast<Index>(y_.size()); }
  bool symmetric() const { return symmetric_; }
  std::span<const double> y() const { return y_; }
  const Operator& measurements() const { return A_; }

  // g: (1/n) A*(A(X)) is about g^2 X. Where the mean matrix stands out, of A less its mean.
  double gain() const { return gain_; }
  // How large the spectral norm of (1/n) A*(v) / g^2 is for v independent of A, with root mean square `size` on n measurements:
  // g (sqrt(rows) + sqrt(cols)) / sqrt(n) times size, for symmetric parts sqrt(2 rows), all over g^2.
  double noise_edge(double size, double n) const;
  // The mean C of the A_i is far from 0, as that of a a^T is: the part tr(C X) of the measurements is common to all, and drowns
  // the rest of X in a first-order step. Thresholding then fits it as an unknown offset of its own.
  bool has_mean() const { return mean_.size() > 0; }

  std::vector<double> residuals(const LowRank& X) const;  // A(X) - y
  // S = A*(w), symmetrised where X is symmetric, for weights that `judge` leaves in place of the predictions of X.
  void adjoint(const LowRank& X, Judge judge, Matrix& S) const;
  // S = A*(w) less (sum w) C.
  void centred_adjoint(std::span<const double> w, Matrix& S) const;

  // A direction in the tangent space at X: D V^T + U E^T, or D U^T + U D^T with E empty.
  struct Tangent {
    Matrix D, E;
  };
  double rough_error() const { return gossan::rough_error(A_); }  // of what these two, and adjoint() of a rough judge, find
  // Rough predictions serve for both: they are relative to the direction, or to w.
  // The adjoint A*(w) as seen from the tangent space at X: D = A*(w) V, E = A*(w)^T U.
  Tangent pulled_back(std::span<const double> w, const LowRank& X) const;
  // The same for w = A(direction) where honest, 0 elsewhere: one fused pass of the normal equations.
  Tangent normal_product(const Tangent& direction, const LowRank& X, std::span<const char> honest) const;

 private:
  Tangent from_gradients(const Matrix& GL, const Matrix& GR, Index r) const;
  void learn_gain(std::uint64_t seed);

  const Operator& A_;
  std::vector<double> y_;
  bool symmetric_;
  double gain_ = 1;
  Matrix mean_;  // C, or empty where it does not stand out
};

}  // namespace gossan::sensing
