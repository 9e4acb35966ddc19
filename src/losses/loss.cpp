// What can be said of any loss through its value.
#include <cmath>

#include "gossan/losses.hpp"

namespace gossan {
namespace {

template <class Real>
double judge_by_value(const Loss& loss, std::span<Real> z, std::span<const double> y, double scale) {
  for (std::size_t e = 0; e < z.size(); ++e)
    z[e] = std::isnan(y[e]) ? Real{0} : static_cast<Real>(static_cast<double>(z[e]) - y[e]);
  const double sum = loss.value(std::span<const Real>(z), z);
  for (Real& weight : z) weight *= static_cast<Real>(scale);
  return sum;
}

}  // namespace

double Loss::judge(std::span<double> z, std::span<const double> y, double scale) const {
  return judge_by_value(*this, z, y, scale);
}
double Loss::judge(std::span<float> z, std::span<const double> y, double scale) const {
  return judge_by_value(*this, z, y, scale);
}

}  // namespace gossan
