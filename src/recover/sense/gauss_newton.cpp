#include "recover/sense/gauss_newton.hpp"

#include <algorithm>
#include <cmath>

#include "recover/sense/scales.hpp"

namespace gossan::sensing {
namespace {

using Tangent = Equations::Tangent;

double dot(const Tangent& a, const Tangent& b) {
  const double sum = a.D.cwiseProduct(b.D).sum();
  return a.E.size() == 0 ? sum : sum + a.E.cwiseProduct(b.E).sum();
}

// a + scale b, into a.
void add(Tangent& a, double scale, const Tangent& b) {
  a.D += scale * b.D;
  if (a.E.size() > 0) a.E += scale * b.E;
}

Matrix beside(const Matrix& left, const Matrix& right) {
  Matrix both(left.rows(), left.cols() + right.cols());
  both << left, right;
  return both;
}

// X + D V^T + U E^T = [U s + D, U] [V, E]^T, brought back to the rank of X.
LowRank moved(const LowRank& X, const Tangent& by) {
  const Matrix& E = X.symmetric ? by.D : by.E;
  return truncated(beside(X.U * X.s.asDiagonal() + by.D, X.U), beside(X.right(), E), X.rank(), X.symmetric);
}

}  // namespace

GaussNewton::GaussNewton(const Equations& equations, LowRank X, std::span<const char> fixed)
    : equations_(equations), fixed_(fixed), X_(std::move(X)), residual_(equations.residuals(X_)), honest_(residual_.size()) {
  weigh();
}

void GaussNewton::weigh() {
  if (!fixed_.empty()) {
    std::copy(fixed_.begin(), fixed_.end(), honest_.begin());
    double squares = 0, count = 0;
    for (std::size_t e = 0; e < honest_.size(); ++e) {
      if (honest_[e] == 0) continue;
      squares += residual_[e] * residual_[e];
      ++count;
    }
    scale_ = std::sqrt(squares / std::max(count, 1.0));
    return;
  }
  std::vector<double> sizes(residual_.size());
  std::transform(residual_.begin(), residual_.end(), sizes.begin(), [](double r) { return std::abs(r); });
  const Trimmed trimmed = falling_scale(sizes, degrees_of_freedom(X_, X_.rank()));
  scale_ = trimmed.scale;
  std::transform(sizes.begin(), sizes.end(), honest_.begin(), [&](double size) { return size <= trimmed.cut ? 1 : 0; });
}

// Conjugate gradients on min over the tangent space of sum over the honest of (A(direction) + residual)^2. Few steps, from 0:
// they leave directions alone in which the data say little.
Tangent GaussNewton::solve() const {
  constexpr int most_steps = 8, least_steps = 3;
  constexpr double enough = 1e-4;  // of the squared gradient
  std::vector<double> w(residual_.size());
  for (std::size_t e = 0; e < w.size(); ++e) w[e] = honest_[e] != 0 ? -residual_[e] : 0;
  Tangent r = equations_.pulled_back(w, X_);
  Tangent p = r, x{Matrix::Zero(r.D.rows(), r.D.cols()), Matrix::Zero(r.E.rows(), r.E.cols())};
  const double first = dot(r, r);
  double rr = first;
  for (int step = 1; step <= most_steps && rr > 0; ++step) {
    const Tangent Hp = equations_.normal_product(p, X_, honest_);
    const double curvature = dot(p, Hp);
    if (!(curvature > 0)) break;
    const double length = rr / curvature;
    add(x, length, p);
    add(r, -length, Hp);
    const double next = dot(r, r);
    if (next < enough * first && step >= least_steps) break;
    p.D = r.D + next / rr * p.D;
    if (p.E.size() > 0) p.E = r.E + next / rr * p.E;
    rr = next;
  }
  return x;
}

Iterate GaussNewton::step() {
  Iterate iterate;
  iterate.f = scale_;
  const Tangent direction = solve();
  X_ = moved(X_, direction);
  residual_ = equations_.residuals(X_);
  weigh();

  const SplitFactors F(X_);
  theta_ = {{"L", F.left()}};
  if (!X_.symmetric) theta_.push_back({"R", F.right()});
  iterate.k = ++k_;
  iterate.step = 1;
  iterate.change = std::sqrt(dot(direction, direction)) / std::max(X_.s.norm(), std::numeric_limits<double>::min());
  iterate.theta = &theta_;
  return iterate;
}

Params GaussNewton::state() const {
  return {{"U", X_.U}, {"s", X_.s}, {"V", X_.V}, {"step", Matrix::Constant(1, 1, static_cast<double>(k_))}};
}

void GaussNewton::restore(const Params& state) {
  X_ = {state.at(0).value, state.at(1).value, state.at(2).value, equations_.symmetric()};
  k_ = static_cast<Index>(state.at(3).value(0, 0));
  residual_ = equations_.residuals(X_);
  weigh();
}

}  // namespace gossan::sensing
