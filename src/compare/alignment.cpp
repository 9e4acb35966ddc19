#include <algorithm>
#include <cmath>
#include <numeric>

#include "gossan/compare.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

using Rows = std::vector<Index>;

RigidMotion kabsch(const Matrix& from, const Matrix& to, const Rows& rows) {
  const Index d = from.cols();
  Vector from_mean = Vector::Zero(d), to_mean = Vector::Zero(d);
  for (const Index i : rows) {
    from_mean += from.row(i).transpose();
    to_mean += to.row(i).transpose();
  }
  from_mean /= static_cast<double>(rows.size());
  to_mean /= static_cast<double>(rows.size());
  Matrix H = Matrix::Zero(d, d);  // sum (to - mean)(from - mean)^T
  for (const Index i : rows) H += (to.row(i).transpose() - to_mean) * (from.row(i).transpose() - from_mean).transpose();
  const Svd parts = svd(H);
  RigidMotion motion;
  motion.Q = parts.U * parts.V.transpose();
  motion.t = to_mean - motion.Q * from_mean;
  return motion;
}

Vector distances(const RigidMotion& motion, const Matrix& from, const Matrix& to) {
  return (moved(motion, from) - to).rowwise().norm();
}

// The half of the rows that lies closest; ties by row, so that the answer is one.
Rows closest_half(const Vector& distance) {
  Rows rows(static_cast<std::size_t>(distance.size()));
  std::iota(rows.begin(), rows.end(), Index{0});
  std::sort(rows.begin(), rows.end(), [&](Index a, Index b) { return std::pair(distance(a), a) < std::pair(distance(b), b); });
  const std::size_t least = static_cast<std::size_t>(std::min<Index>(distance.size(), 3));
  rows.resize(std::max(rows.size() / 2 + 1, least));
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace

Matrix moved(const RigidMotion& motion, const Matrix& points) {
  return (points * motion.Q.transpose()).rowwise() + motion.t.transpose();
}

RigidMotion align(const Matrix& from, const Matrix& to) {
  Rows rows(static_cast<std::size_t>(from.rows()));
  std::iota(rows.begin(), rows.end(), Index{0});
  RigidMotion motion = kabsch(from, to, rows);
  constexpr int rounds = 50;
  for (int round = 0; round < rounds; ++round) {
    Rows next = closest_half(distances(motion, from, to));
    if (next == rows) break;
    rows = std::move(next);
    motion = kabsch(from, to, rows);
  }
  const Vector distance = distances(motion, from, to);
  double scale = 0;  // 1.4826 times the median of all, which is the largest of the closest half
  for (const Index i : closest_half(distance)) scale = std::max(scale, 1.4826 * distance(i));
  Rows near;
  for (Index i = 0; i < distance.size(); ++i) {
    if (distance(i) <= 4 * scale) near.push_back(i);
  }
  return kabsch(from, to, near);
}

}  // namespace gossan
