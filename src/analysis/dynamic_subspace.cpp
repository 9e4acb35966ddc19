// Ma & Fattahi 2024 (matrix completion), proof of the theorem on over-parameterised descent: U moves by (I + eta M_t), and the
// signal subspace is moved by the same factor.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "gossan/trajectory.hpp"
#include "objectives/checks.hpp"

namespace gossan {
namespace {

class MovingSubspace {
 public:
  MovingSubspace(const Operator& A, const Loss& loss, std::span<const double> y, const std::vector<bool>& fitted, Svd truth,
                 Matrix start)
      : A_(A),
        loss_(loss),
        V0_(std::move(truth.U)),
        V_(V0_),
        U_(std::move(start)),
        y_(to_sweep_order(A, fitted_part(y, fitted))) {
    scale_ = 1.0 / static_cast<double>(std::count(fitted.begin(), fitted.end(), true));
  }

  // V_{t+1}: the orthonormal matrix nearest to (I - eta_t (Q_t + Q_t^T)) V_t, with Q_t at the U before the step.
  void move(double eta, const Matrix& next) {
    const Matrix Z = V_ - eta * both_adjoints();
    if (Z.allFinite()) {
      const Svd polar = svd(Z);
      V_ = polar.U * polar.V.transpose();
    }
    U_ = next;
  }

  void read(std::span<double> values) const {
    const Matrix coordinates = V_.transpose() * U_;
    const Vector signal = svd(coordinates).s;
    values[0] = signal.size() < V_.cols() ? 0.0 : signal(signal.size() - 1);
    values[1] = signal(0);
    values[2] = spectral_norm(U_ - V_ * coordinates);
    values[3] = spectral_norm(V_ - V0_);
    values[4] = V_.rowwise().norm().maxCoeff();
  }

  Params state() const { return {{"subspace", V_}, {"subspace of", U_}}; }
  void restore(const Params& state) {
    V_ = state[0].value;
    U_ = state[1].value;
  }

 private:
  // (Q + Q^T) V in one sweep: the factors [U V 0] and [U 0 V] predict U U^T, and their gradients hold Q V and Q^T V.
  Matrix both_adjoints() {
    const Index r = U_.cols(), k = V_.cols();
    Matrix L = Matrix::Zero(U_.rows(), r + 2 * k), R = L, GL, GR;
    L << U_, V_, Matrix::Zero(U_.rows(), k);
    R << U_, Matrix::Zero(U_.rows(), k), V_;
    const auto judge = [this](Index first, std::span<double> z) {
      loss_.judge(z, std::span<const double>(y_).subspan(static_cast<std::size_t>(first), z.size()), scale_);
    };
    A_.sweep(L, R, judge, &GL, &GR);
    return GL.rightCols(k) + GR.middleCols(r, k);
  }

  const Operator& A_;
  const Loss& loss_;
  Matrix V0_, V_, U_;
  std::vector<double> y_;  // in the order of the sweeps; NaN: held out
  double scale_ = 0;
};

}  // namespace

Gauge dynamic_subspace(const Operator& A, const Loss& loss, std::span<const double> y, const std::vector<bool>& fitted, Svd truth,
                       Matrix start) {
  if (!truth.U.isApprox(truth.V, 1e-6))
    throw std::invalid_argument("dynamic_subspace: the truth is not positive semidefinite, which this analysis is of");
  const auto subspace = std::make_shared<MovingSubspace>(A, loss, y, fitted, std::move(truth), std::move(start));
  Gauge gauge;
  gauge.title = "Moving signal subspace";
  gauge.columns = {"subspace_least", "subspace_largest", "subspace_residual", "subspace_drift", "subspace_incoherence"};
  gauge.follow = [subspace](const Iterate& at, const Factors& X) { subspace->move(at.step, X.L); };
  gauge.read = [subspace](const Iterate& /*at*/, const Factors& /*X*/, std::span<double> values) { subspace->read(values); };
  gauge.state = [subspace] { return subspace->state(); };
  gauge.restore = [subspace](const Params& state) { subspace->restore(state); };
  return gauge;
}

}  // namespace gossan
