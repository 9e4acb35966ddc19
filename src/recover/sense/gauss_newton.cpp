#include "recover/sense/gauss_newton.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/shared/scales.hpp"

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

// Unlike those of `locate` (conjugate_gradients.hpp), on two blocks, without a preconditioner, and ended by what x is worth.
// Solves H x = rhs, H the normal equations of the honest measurements in the tangent space at X, from x = 0, until `done`, called
// with x and the squared residual over that of 0 after each step; 40 steps at most.
template <class Done>
Tangent conjugate_gradients(const Equations& equations, const LowRank& X, std::span<const char> honest, Tangent rhs, Done done) {
  constexpr int most_steps = 40;
  constexpr double rounding = 1e-12;  // of single precision, squared: beyond, directions that are not seen would drift
  Tangent r = std::move(rhs), p = r, x{Matrix::Zero(r.D.rows(), r.D.cols()), Matrix::Zero(r.E.rows(), r.E.cols())};
  const double first = dot(r, r);
  double rr = first;
  for (int step = 0; step < most_steps && rr > 0; ++step) {
    const Tangent Hp = equations.normal_product(p, X, honest);
    const double curvature = dot(p, Hp);
    if (!(curvature > 0)) break;
    add(x, rr / curvature, p);
    add(r, -rr / curvature, Hp);
    const double next = dot(r, r);
    if (done(x, next / first) || next < rounding * first) break;
    p.D = r.D + next / rr * p.D;
    if (p.E.size() > 0) p.E = r.E + next / rr * p.E;
    rr = next;
  }
  return x;
}

// Frobenius norm of the matrix that a tangent stands for, D V^T + U E^T.
double matrix_norm(const Tangent& t, const LowRank& X) {
  const Matrix& E = X.symmetric ? t.D : t.E;
  const double cross = (t.D.transpose() * X.U).cwiseProduct((E.transpose() * X.right()).transpose()).sum();
  return std::sqrt(std::max(0.0, t.D.squaredNorm() + E.squaredNorm() + 2 * cross));
}

Tangent random_tangent(const LowRank& X, std::uint64_t seed) {
  return {normal_matrix(X.U.rows(), X.rank(), Random(seed, 361)),
          X.symmetric ? Matrix() : normal_matrix(X.V.rows(), X.rank(), Random(seed, 362))};
}

// X + D V^T + U E^T = [U s + D, U] [V, E]^T, brought back to the rank of X.
LowRank moved(const LowRank& X, const Tangent& by) {
  const Matrix& E = X.symmetric ? by.D : by.E;
  return truncated(beside(X.U * X.s.asDiagonal() + by.D, X.U), beside(X.right(), E), X.rank(), X.symmetric);
}

}  // namespace

GaussNewton::GaussNewton(const Equations& equations, LowRank X, std::vector<double> residuals, std::span<const char> fixed)
    : equations_(equations), fixed_(fixed), X_(std::move(X)), residual_(std::move(residuals)), honest_(residual_.size()) {
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
  const std::vector<double> sizes = sizes_of(residual_);
  const Trimmed trimmed = falling_scale(sizes, X_.freedom());
  scale_ = trimmed.scale;
  std::transform(sizes.begin(), sizes.end(), honest_.begin(), [&](double size) { return size <= trimmed.cut ? 1 : 0; });
}

// Few steps, from 0: they leave directions alone in which the data say little. Where the last step made the scale fall far, the
// model is good, and its solution is worth the square of that (Eisenstat & Walker 1996, choice 2), or what rough products allow.
Tangent GaussNewton::solve() const {
  constexpr int usual_steps = 8, most_steps = 20, least_steps = 3;
  constexpr double usual = 1e-2, far = 0.1;  // of the gradient; of the scale
  const bool good = fall_ < far;
  const double tolerance = good ? std::max(std::min(fall_ * fall_, usual), equations_.rough_error()) : usual;
  const int steps = good ? most_steps : usual_steps;
  std::vector<double> w(residual_.size());
  for (std::size_t e = 0; e < w.size(); ++e) w[e] = honest_[e] != 0 ? -residual_[e] : 0;
  int step = 0;
  return conjugate_gradients(equations_, X_, honest_, equations_.pulled_back(w, X_), [&](const Tangent&, double left) {
    ++step;
    return step >= steps || (step >= least_steps && left < tolerance * tolerance);
  });
}

Iterate GaussNewton::step() {
  Iterate iterate;
  iterate.f = scale_;
  const Tangent direction = solve();
  X_ = moved(X_, direction);
  residual_ = equations_.residuals(X_);
  weigh();
  fall_ = iterate.f > 0 ? scale_ / iterate.f : 1;

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
  return {{"U", X_.U},
          {"s", X_.s},
          {"V", X_.V},
          {"step", Matrix::Constant(1, 1, static_cast<double>(k_))},
          {"fall", Matrix::Constant(1, 1, fall_)}};
}

void GaussNewton::restore(const Params& state) {
  X_ = {state.at(0).value, state.at(1).value, state.at(2).value, equations_.symmetric()};
  k_ = static_cast<Index>(state.at(3).value(0));
  fall_ = state.at(4).value(0);
  residual_ = equations_.residuals(X_);
  weigh();
}

double unseen(const Equations& equations, const LowRank& X, std::span<const char> honest, std::uint64_t seed, double enough) {
  Tangent t = random_tangent(X, seed);
  const double whole = matrix_norm(t, X);
  const Tangent start = t;
  double left = 1;
  conjugate_gradients(equations, X, honest, equations.normal_product(t, X, honest), [&](const Tangent& solved, double) {
    t = start;
    add(t, -1, solved);
    left = matrix_norm(t, X) / whole;
    return left < enough;
  });
  return left;
}

double drawn_error(const Equations& equations, const LowRank& X, std::span<const char> honest, std::uint64_t seed) {
  constexpr double enough = 1e-10;  // of the squared gradient: weakly measured parts show late
  const Random random(seed, 363);
  std::vector<double> w(honest.size());
  for (std::size_t e = 0; e < w.size(); ++e) w[e] = honest[e] != 0 ? random.normal(static_cast<Index>(e)) : 0;
  double error = 0;
  conjugate_gradients(equations, X, honest, equations.pulled_back(w, X), [&](const Tangent& solved, double left) {
    error = matrix_norm(solved, X);
    return left < enough;
  });
  return error;
}

}  // namespace gossan::sensing
