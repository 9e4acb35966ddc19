// r^2 / 2 for |r| <= delta, delta (|r| - delta / 2) beyond; the weight is r clipped to [-delta, delta] (Huber 1964).
#include <algorithm>
#include <cmath>

#include "linalg/kernels/judge.hpp"
#include "losses/sum_each.hpp"

namespace gossan {

Fields HuberOptions::fields() {
  return {
      {.name = "delta", .value = &delta, .help = "where the quadratic turns linear, in units of y", .least = 0, .above = true}};
}

// With w the clipped residual both branches are |w| (|r| - |w| / 2).
std::unique_ptr<Loss> huber(HuberOptions options) {
  check(options.fields(), "huber");
  return smooth_loss(
      [delta = options.delta]<class Real>(Real r) {
        const Real w = std::clamp(r, static_cast<Real>(-delta), static_cast<Real>(delta));
        return Judged<Real>{std::abs(w) * (std::abs(r) - Real{0.5} * std::abs(w)), w};
      },
      [delta = options.delta](auto z, auto y, double scale) { return judge_huber(z, y, scale, delta); },
      [delta = options.delta](double r) { return std::abs(r) <= delta ? 1.0 : 0.0; });
}

}  // namespace gossan
