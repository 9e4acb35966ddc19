// Stationarity: the smallest element of the (sub)differential of f with respect to theta.
//
// Of the absolute loss it is the solution of  min over w in [-1, 1]^zeros of |g0 + J* w / n|,  g0 the signs' part, a bounded
// least squares problem: accelerated projected gradient (Beck & Teboulle 2009) that starts anew where it would ascend (O'Donoghue
// & Candes 2015). Every step tries a direction -v / |v| as well: its directional derivative bounds the solution from below.
#include <algorithm>
#include <cmath>

#include "analysis/landscape/parts.hpp"

namespace gossan::landscape {
namespace {

constexpr double gap = 0.01;  // of the bounds on both sides of the smallest sub-gradient, where it is not zero

Params extrapolated(const Params& g, const Params& before, double beta) {
  Params v = g;
  add_scaled(v, beta, g);
  add_scaled(v, -beta, before);
  return v;
}

void decide(Stationarity& found, double tolerance) {
  using enum Stationarity::State;
  if (found.residual <= tolerance * found.scale) {
    found.state = stationary;
  } else {
    found.state = found.slope < -tolerance * found.scale ? not_stationary : undecided;
  }
}

}  // namespace

Stationarity clarke_stationarity(Tangent& tangent, const Residuals& at, const ProbeOptions& options, Pace& pace) {
  const Index size = tangent.measurements();
  const auto n = static_cast<double>(size);
  const double sigma = tangent.largest_singular_value();
  Vector w = at.signs(), before = w, next = w, z(size);
  Params g = tangent.gradient(w), g_before = g, g_next = g;
  const Params g0 = g;
  Stationarity found{.residual = norm(g), .scale = sigma / std::sqrt(n)};

  double t = 1;
  while (found.iterations < options.max_iterations && found.residual > options.tolerance * found.scale &&
         found.slope > -(1 - gap) * found.residual &&
         !pace.ends(static_cast<double>(found.iterations) / static_cast<double>(options.max_iterations))) {
    ++found.iterations;
    const double t_next = (1 + std::sqrt(1 + 4 * t * t)) / 2, beta = (t - 1) / t_next;
    const Params v = extrapolated(g, g_before, beta);
    const auto judge = [&](Index first, std::span<double> block) {
      for (std::size_t k = 0; k < block.size(); ++k) {
        const Index e = first + static_cast<Index>(k);
        z(e) = block[k];
        if (at.zero(e)) next(e) = std::clamp(w(e) + beta * (w(e) - before(e)) - n / (sigma * sigma) * z(e), -1.0, 1.0);
        block[k] = next(e);
      }
    };
    tangent.sweep(v, judge, g_next);

    double charged = 0, ascent = 0;  // by the zero residuals along v; of the step along the gradient
    for (Index e = 0; e < size; ++e) {
      if (at.zero(e)) charged += std::abs(z(e));
      ascent += z(e) * (next(e) - w(e));
    }
    const double length = norm(v);
    if (length > 0) found.slope = std::min(found.slope, (charged / n - dot(g0, v)) / length);
    found.residual = std::min(found.residual, norm(g_next));
    t = ascent > 0 ? 1 : t_next;
    before.swap(w);
    w = next;
    g_before = std::move(g);
    g = g_next;
  }
  decide(found, options.tolerance);
  return found;
}

Stationarity smooth_stationarity(Tangent& tangent, const Residuals& at, const Loss& loss, const Vector& y, double tolerance) {
  const auto size_of = [](const Vector& v) { return static_cast<std::size_t>(v.size()); };
  Vector w(at.r.size()), w_at_zero(y.size());
  loss.value(std::span<const double>(at.r.data(), size_of(at.r)), {w.data(), size_of(w)});
  loss.value(std::span<const double>(y.data(), size_of(y)), {w_at_zero.data(), size_of(y)});
  Stationarity found{.residual = norm(tangent.gradient(w))};
  found.slope = -found.residual;
  found.scale = tangent.largest_singular_value() * w_at_zero.norm() / static_cast<double>(y.size());
  decide(found, tolerance);
  return found;
}

}  // namespace gossan::landscape
