// |r|, weight Sign(r) with Sign(0) = 0.
#include <cmath>

#include "gossan/losses.hpp"
#include "losses/sum_each.hpp"

namespace gossan {
namespace {

class Absolute final : public Loss {
 public:
  double value(std::span<const double> r, std::span<double> weight) const override {
    return sum_each(r, weight, [](double x) { return Judged{std::abs(x), (x > 0 ? 1.0 : 0.0) - (x < 0 ? 1.0 : 0.0)}; });
  }
};

}  // namespace

std::unique_ptr<Loss> absolute() { return std::make_unique<Absolute>(); }

}  // namespace gossan
