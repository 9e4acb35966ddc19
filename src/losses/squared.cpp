// r^2 / 2, weight r.
#include "gossan/losses.hpp"
#include "losses/sum_each.hpp"

namespace gossan {
namespace {

class Squared final : public Loss {
 public:
  double value(std::span<const double> r, std::span<double> weight) const override {
    return sum_each(r, weight, [](double x) { return Judged{0.5 * x * x, x}; });
  }
};

}  // namespace

std::unique_ptr<Loss> squared() { return std::make_unique<Squared>(); }

}  // namespace gossan
