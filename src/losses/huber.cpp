// r^2 / 2 for |r| <= delta, delta (|r| - delta / 2) beyond; the weight is r clipped to [-delta, delta] (Huber 1964).
#include <algorithm>
#include <cmath>

#include "gossan/losses.hpp"
#include "losses/sum_each.hpp"

namespace gossan {
namespace {

class Huber final : public Loss {
 public:
  explicit Huber(double delta) : delta_(delta) {}
  // With w the clipped residual both branches are |w| (|r| - |w| / 2).
  double value(std::span<const double> r, std::span<double> weight) const override {
    return sum_each(r, weight, [delta = delta_](double x) {
      const double w = std::clamp(x, -delta, delta);
      return Judged{std::abs(w) * (std::abs(x) - 0.5 * std::abs(w)), w};
    });
  }

 private:
  double delta_;
};

}  // namespace

Fields HuberOptions::fields() {
  return {
      {.name = "delta", .value = &delta, .help = "where the quadratic turns linear, in units of y", .least = 0, .above = true}};
}

std::unique_ptr<Loss> huber(HuberOptions options) {
  check(options.fields(), "huber");
  return std::make_unique<Huber>(options.delta);
}

}  // namespace gossan
