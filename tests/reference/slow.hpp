// The obvious loops: what the fast kernels must agree with. Plain double sums in the order of the definition.
#pragma once

#include <functional>

#include "gossan/matrix.hpp"

namespace gossan::slow {

// Entry (a, b) of the e-th measurement matrix.
using Entry = std::function<double(Index e, Index a, Index b)>;

struct Swept {
  Vector z;
  Matrix GL, GR;
};

inline double entry_of_product(const Matrix& L, const Matrix& R, Index a, Index b) {
  double sum = 0;
  for (Index k = 0; k < L.cols(); ++k) sum += L(a, k) * R(b, k);
  return sum;
}

// z_e = sum_ab A_e(a, b) X(a, b); GL = sum_e weight(z_e) A_e R; GR = sum_e weight(z_e) A_e^T L.
inline Swept sweep(Index n, const Entry& A, const Matrix& L, const Matrix& R, const std::function<double(double)>& weight) {
  Swept swept{Vector::Zero(n), Matrix::Zero(L.rows(), L.cols()), Matrix::Zero(R.rows(), R.cols())};
  Matrix X(L.rows(), R.rows());
  for (Index a = 0; a < L.rows(); ++a)
    for (Index b = 0; b < R.rows(); ++b) X(a, b) = entry_of_product(L, R, a, b);
  for (Index e = 0; e < n; ++e) {
    for (Index a = 0; a < L.rows(); ++a)
      for (Index b = 0; b < R.rows(); ++b) swept.z(e) += A(e, a, b) * X(a, b);
    const double w = weight(swept.z(e));
    for (Index a = 0; a < L.rows(); ++a)
      for (Index b = 0; b < R.rows(); ++b) {
        const double s = w * A(e, a, b);
        if (s == 0) continue;
        for (Index k = 0; k < L.cols(); ++k) {
          swept.GL(a, k) += s * R(b, k);
          swept.GR(b, k) += s * L(a, k);
        }
      }
  }
  return swept;
}

}  // namespace gossan::slow
