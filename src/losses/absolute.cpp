// |r|, weight Sign(r) with Sign(0) = 0.
#include <cmath>

#include "linalg/kernels/judge.hpp"
#include "losses/sum_each.hpp"

namespace gossan {

std::unique_ptr<Loss> absolute() {
  return each_loss(
      []<class Real>(Real r) {
        return Judged<Real>{std::abs(r), static_cast<Real>(r > 0 ? 1 : 0) - static_cast<Real>(r < 0 ? 1 : 0)};
      },
      [](auto z, auto y, double scale) { return judge_absolute(z, y, scale); });
}

}  // namespace gossan
