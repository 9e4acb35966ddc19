#include "recover/sense/equations.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::sensing {
namespace {

// Leaves given weights in place of predictions, whatever their precision.
auto weights(std::span<const double> w) {
  return [w](Index first, auto z) {
    const auto at = static_cast<std::size_t>(first);
    for (std::size_t e = 0; e < z.size(); ++e) z[e] = static_cast<typename decltype(z)::value_type>(w[at + e]);
  };
}

}  // namespace

Equations::Equations(const Operator& A, std::span<const double> y, bool symmetric, std::uint64_t seed)
    : A_(A), y_(to_sweep_order(A, y)), symmetric_(symmetric) {
  learn_gain(seed);
}

double Equations::noise_edge(double size, double n) const {
  const auto d1 = static_cast<double>(rows()), d2 = static_cast<double>(cols());
  const double edge = symmetric_ ? std::sqrt(2 * d1) : gossan::noise_edge(d1, d2);
  return size * edge / (gain_ * std::sqrt(n));
}

std::vector<double> Equations::residuals(const LowRank& X) const {
  std::vector<double> residual(y_.size());
  const SplitFactors F(X);
  const auto keep = [&](Index first, std::span<double> z) {
    for (std::size_t e = 0; e < z.size(); ++e) {
      const auto at = static_cast<std::size_t>(first) + e;
      residual[at] = z[e] - y_[at];
    }
  };
  A_.sweep(F.left(), F.right(), keep, nullptr, nullptr);
  return residual;
}

void Equations::adjoint(const LowRank& X, Judge judge, Matrix& S) const {
  const SplitFactors F(X);
  if (const auto* whole = dynamic_cast<const WholeAdjoint*>(&A_)) {
    whole->sweep_whole(F.left(), F.right(), judge, S);
  } else {
    // The unknown is [L 0] [R I]^T, and its gradient with respect to [L 0] ends with A*(w) I.
    Matrix GL, GR;
    A_.sweep(beside(F.left(), Matrix::Zero(rows(), cols())), beside(F.right(), Matrix::Identity(cols(), cols())), judge, &GL,
             &GR);
    S = GL.rightCols(cols());
  }
  if (symmetric_) S = (0.5 * (S + S.transpose())).eval();
}

void Equations::centred_adjoint(std::span<const double> w, Matrix& S) const {
  adjoint(zero(rows(), cols(), symmetric_), weights(w), S);
  if (!has_mean()) return;
  double sum = 0;
  for (const double each : w) sum += each;
  S -= sum * mean_;
}

Equations::Tangent Equations::from_gradients(const Matrix& GL, const Matrix& GR, Index r) const {
  if (symmetric_) return {0.5 * (GL.leftCols(r) + GR.rightCols(r)), Matrix()};
  return {GL.leftCols(r), GR.rightCols(r)};
}

Equations::Tangent Equations::pulled_back(std::span<const double> w, const LowRank& X) const {
  Matrix GL, GR;
  auto judge = weights(w);
  A_.sweep(X.U, X.right(), Judge(judge, judge), &GL, &GR);
  return from_gradients(GL, GR, X.rank());
}

Equations::Tangent Equations::normal_product(const Tangent& direction, const LowRank& X, std::span<const char> honest) const {
  auto only_honest = [honest](Index first, auto z) {
    const auto at = static_cast<std::size_t>(first);
    for (std::size_t e = 0; e < z.size(); ++e)
      if (honest[at + e] == 0) z[e] = 0;
  };
  Matrix GL, GR;
  const Matrix& second = symmetric_ ? direction.D : direction.E;
  A_.sweep(beside(direction.D, X.U), beside(X.right(), second), Judge(only_honest, only_honest), &GL, &GR);
  return from_gradients(GL, GR, X.rank());
}

// With Gaussian probes P of the size of X, |A(P)|^2 / n is about g^2 |P|_F^2, to sqrt(2 / n); with random signs w,
// |A*(w)|_F^2 / n is about g^2 times the unknowns D, to sqrt(2 / D). One pass gives both, and their mean weighed by n and D.
void Equations::learn_gain(std::uint64_t seed) {
  constexpr std::uint64_t probes = 3;
  constexpr double mean_stands_out = 3;  // |C|^2 over what chance makes of it, mean |A_i|^2 / n
  const auto n = static_cast<double>(count()), d1 = static_cast<double>(rows()), d2 = static_cast<double>(cols());
  const double unknowns = symmetric_ ? d1 * (d1 + 1) / 2 : d1 * d2;

  Matrix C;
  const std::vector<double> ones(y_.size(), 1.0);
  auto one = weights(ones);
  adjoint(zero(rows(), cols(), symmetric_), Judge(one, one), C);
  C /= n;

  const Matrix identity = Matrix::Identity(cols(), cols());
  double spread = 0, size = 0;  // mean g^2 of A less its mean, and mean |A_i|^2 / unknowns
  for (std::uint64_t probe = 0; probe < probes; ++probe) {
    const Random random(seed, 321 + probe);
    Matrix P = normal_matrix(rows(), cols(), random);
    if (symmetric_) P = (0.5 * (P + P.transpose())).eval();
    std::vector<double> z(y_.size()), w(y_.size());
    const Random signs(seed, 341 + probe);
    for (std::size_t e = 0; e < w.size(); ++e) w[e] = signs.uniform(static_cast<Index>(e)) < 0.5 ? -1.0 : 1.0;
    auto probe_both = [&](Index first, auto block) {
      const auto at = static_cast<std::size_t>(first);
      for (std::size_t e = 0; e < block.size(); ++e) {
        z[at + e] = static_cast<double>(block[e]);
        block[e] = static_cast<typename decltype(block)::value_type>(w[at + e]);
      }
    };
    Matrix GL, GR;
    A_.sweep(P, identity, Judge(probe_both, probe_both), &GL, &GR);
    Matrix S = std::move(GL);  // A*(w) I
    if (symmetric_) S = (0.5 * (S + S.transpose())).eval();

    double sum = 0, squares = 0, sign_sum = 0;
    for (std::size_t e = 0; e < z.size(); ++e) {
      sum += z[e];
      squares += z[e] * z[e];
      sign_sum += w[e];
    }
    const double p2 = P.squaredNorm();
    const auto both = [&](double from_predictions, double from_adjoint) {
      return (n * from_predictions / p2 + from_adjoint) / (n + unknowns) / static_cast<double>(probes);
    };
    size += both(squares / n, S.squaredNorm() / n);
    spread += both((squares - sum * sum / n) / n, (S - sign_sum * C).squaredNorm() / n);
  }
  const bool stands_out = n * C.squaredNorm() > mean_stands_out * size * unknowns;
  gain_ = std::sqrt(stands_out ? spread : size);
  if (stands_out) mean_ = C;
}

}  // namespace gossan::sensing
