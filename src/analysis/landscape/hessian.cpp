// Extreme eigenvalues of the Hessian of a smooth loss, by Lanczos on exact products (objectives/tangent.hpp).
#include <cmath>

#include "analysis/landscape/parts.hpp"
#include "gossan/linalg.hpp"

namespace gossan::landscape {
namespace {

constexpr double first_step = 1e-3;      // of the length of theta
constexpr double typical_products = 50;  // half of the bar

class Hessian {
 public:
  Hessian(Tangent& tangent, const Residuals& at, const Loss& loss, const Smooth& smooth)
      : tangent_(tangent), weights_(at.r.size()), curvatures_(at.r.size()), D_(tangent.zero()), g_(tangent.zero()) {
    const auto n = static_cast<std::size_t>(at.r.size());
    loss.value(std::span<const double>(at.r.data(), n), {weights_.data(), n});
    for (Index e = 0; e < at.r.size(); ++e) curvatures_(e) = smooth.curvature(at.r(e));
  }

  void multiply(const Vector& x, Vector& y) {
    unflatten(x, D_);
    hessian_times(tangent_, weights_, curvatures_, D_, g_);
    y = flattened(g_);
  }

  double residual_part(const Params& D) { return dot(D, tangent_.gradient_change(weights_, D)); }
  double slope(const Params& D) { return dot(D, tangent_.gradient(weights_)); }

 private:
  Tangent& tangent_;
  Vector weights_, curvatures_;
  Params D_, g_;
};

double value_of(const Loss& loss, double r) {
  double weight = 0;
  return loss.value(std::span<const double>(&r, 1), {&weight, 1});
}

}  // namespace

HessianEnds hessian_ends(Tangent& tangent, const Residuals& at, const Loss& loss, const Smooth& smooth, double gamma,
                         double length, Pace& pace) {
  Hessian H(tangent, at, loss, smooth);
  double products = 0;
  const auto product = [&](const Vector& x, Vector& y) {
    pace.go_on(products / (products + typical_products));
    ++products;
    H.multiply(x, y);
  };
  const Eigenpairs low = eigenpairs(tangent.parameters(), product, 1, Which::smallest);
  HessianEnds ends{.smallest = low.values(0), .direction = tangent.zero()};
  ends.largest = eigenpairs(tangent.parameters(), product, 1, Which::largest).values(0);
  unflatten(low.vectors.col(0), ends.direction);
  if (H.slope(ends.direction) > 0) {
    for (Block& block : ends.direction) block.value *= -1;
  }
  ends.residual = H.residual_part(ends.direction);
  ends.gauss_newton = ends.smallest - ends.residual;
  const auto change = [&loss](double r, double d) { return value_of(loss, r + d) - value_of(loss, r); };
  ends.differences = differences(tangent, at, gamma > 0 ? gamma : first_step * length, ends.direction, change);
  return ends;
}

}  // namespace gossan::landscape
