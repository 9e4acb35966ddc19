#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

#include "gossan/compare.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

constexpr double degree = std::numbers::pi / 180;

}  // namespace

Vector on_sphere(double latitude, double longitude, double radius) {
  const double phi = latitude * degree, lambda = longitude * degree;
  Vector point(3);
  point << std::cos(phi) * std::cos(lambda), std::cos(phi) * std::sin(lambda), std::sin(phi);
  return radius * point;
}

std::pair<double, double> latitude_longitude(const Vector& point) {
  return {std::atan2(point(2), std::hypot(point(0), point(1))) / degree, std::atan2(point(1), point(0)) / degree};
}

double arc(const Vector& a, const Vector& b, double radius) {
  const Eigen::Vector3d u = a, v = b;
  return radius * std::atan2(u.cross(v).norm(), u.dot(v));  // accurate for near and for opposite points
}

Vector sphere_centre(const Matrix& points) {
  Vector mean = points.colwise().mean().transpose();
  const Matrix X = points.rowwise() - mean.transpose();
  // |x|^2 = 2 <c, x> + k for every point: linear in c and k.
  Matrix system(X.rows(), 4);
  system << 2 * X, Vector::Ones(X.rows());
  const Svd parts = svd(system);
  constexpr double rounding = 1e-15;
  const bool determined = X.rows() >= 4 && parts.s(3) > rounding * parts.s(0);
  if (!determined) return mean;
  const Vector along = parts.U.transpose() * X.rowwise().squaredNorm();
  return mean + (parts.V * along.cwiseQuotient(parts.s)).head(3);
}

}  // namespace gossan
