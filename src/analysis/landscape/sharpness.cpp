// Directional derivatives of the absolute loss along random unit tangents: (1/n) (sum over zeros |z_e| + sum over others
// Sign(r_e) z_e), z = A(T).
#include <algorithm>
#include <limits>

#include "analysis/landscape/parts.hpp"
#include "gossan/random.hpp"

namespace gossan::landscape {
namespace {

constexpr std::uint64_t sharpness_stream = 150;

}  // namespace

std::optional<Sharpness> sharpness(Tangent& tangent, const Residuals& at, Index samples, std::uint64_t seed, Pace& pace) {
  if (tangent.L().isZero(0) && tangent.R().isZero(0)) return std::nullopt;
  const Vector signs = at.signs();
  Sharpness found{.least = std::numeric_limits<double>::infinity()};
  Params D = tangent.zero();
  const Random random(seed, sharpness_stream);
  const Vector::Index size = tangent.parameters();
  Vector x(size);
  for (Index sample = 0; sample < samples && !pace.ends(static_cast<double>(sample) / static_cast<double>(samples)); ++sample) {
    for (Index k = 0; k < size; ++k) x(k) = random.normal(sample * size + k);
    unflatten(x, D);
    const Vector z = tangent.derivative(D) / tangent.product_norm(D);
    double slope = signs.dot(z);
    for (Index e = 0; e < z.size(); ++e) {
      if (at.zero(e)) slope += std::abs(z(e));
    }
    slope /= static_cast<double>(z.size());
    found.least = std::min(found.least, slope);
    found.mean += slope;
    ++found.samples;
  }
  if (found.samples == 0) return std::nullopt;
  found.mean /= static_cast<double>(found.samples);
  return found;
}

}  // namespace gossan::landscape
