#include <gtest/gtest.h>

#include <Eigen/QR>
#include <cmath>
#include <numbers>

#include "gossan/compare.hpp"
#include "gossan/linalg.hpp"
#include "gossan/locate.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

Matrix random_rotation(Index d, std::uint64_t seed) {
  return Eigen::HouseholderQR<Matrix>(normal_matrix(d, d, Random(seed, 1))).householderQ();
}

TEST(Align, FindsTheMotionThoughAThirdOfThePointsIsElsewhere) {
  constexpr Index n = 60, d = 3;
  const Matrix from = normal_matrix(n, d, Random(1, 2));
  const RigidMotion planted{random_rotation(d, 3), Vector::Constant(d, 2.5)};
  Matrix to = moved(planted, from);
  to.topRows(n / 3) += 4 * normal_matrix(n / 3, d, Random(1, 4));
  const RigidMotion found = align(from, to);
  EXPECT_LT((found.Q - planted.Q).norm(), 1e-10);
  EXPECT_LT((found.t - planted.t).norm(), 1e-10);
}

TEST(Align, MayReflect) {
  const Matrix from = normal_matrix(10, 2, Random(5, 1));
  Matrix to = from;
  to.col(0) *= -1;
  EXPECT_LT((moved(align(from, to), from) - to).norm(), 1e-12);
}

TEST(Sphere, PlacesComeBackAndArcsFollowTheLawOfCosines) {
  const double degree = std::numbers::pi / 180;
  const Vector a = on_sphere(48.2, 16.4, 6371), b = on_sphere(-33.9, 151.2, 6371);
  EXPECT_NEAR(a.norm(), 6371, 1e-9);
  const auto [latitude, longitude] = latitude_longitude(b);
  EXPECT_NEAR(latitude, -33.9, 1e-12);
  EXPECT_NEAR(longitude, 151.2, 1e-12);
  const double cosine = std::sin(48.2 * degree) * std::sin(-33.9 * degree) +
                        std::cos(48.2 * degree) * std::cos(-33.9 * degree) * std::cos((151.2 - 16.4) * degree);
  EXPECT_NEAR(arc(a, b, 6371), 6371 * std::acos(cosine), 1e-6);
  EXPECT_NEAR(arc(a, -a, 1), std::numbers::pi, 1e-12);
}

TEST(Sphere, TheCentreIsThatOfTheSphereAndNotOfThePoints) {
  const Vector centre = Vector::LinSpaced(3, 1, 5);
  Matrix cap(30, 3);  // a part of it
  for (Index i = 0; i < cap.rows(); ++i)
    cap.row(i) = (centre + on_sphere(40 + static_cast<double>(i), static_cast<double>(50 * i % 360), 5)).transpose();
  EXPECT_LT((sphere_centre(cap) - centre).norm(), 1e-9);
}

TEST(ComparePoints, MeasuresErrorsAfterTheMotionAndCountsLies) {
  constexpr Index n = 12;
  const Matrix truth = normal_matrix(n, 2, Random(7, 1));
  Distances data{.points = n, .i = {}, .j = {}, .distance = {}};
  Located located;
  for (Index i = 0; i < n; ++i) {
    for (Index j = 0; j < i; ++j) {
      data.i.push_back(i), data.j.push_back(j);
      data.distance.push_back((truth.row(i) - truth.row(j)).norm());
    }
  }
  located.outliers.assign(data.distance.size(), false);
  for (const std::size_t lie : {3U, 17U, 40U}) data.distance[lie] += 5;
  located.outliers[3] = located.outliers[17] = located.outliers[8] = true;
  located.points = moved({random_rotation(2, 9), Vector::Constant(2, -3)}, truth);
  located.points(0, 0) += 0.5;
  located.placement.assign(n, Placement::placed);
  located.component.assign(n, 0);
  located.placement[1] = Placement::undetermined;
  located.component[1] = -1;

  const PointErrors errors = compare(truth, data, located, {});
  EXPECT_EQ(errors.compared, n - 1);
  EXPECT_NEAR(errors.max, 0.5, 1e-10);
  EXPECT_LT(errors.median, 1e-10);
  EXPECT_TRUE(std::isnan(errors.error[1]));
  EXPECT_EQ(errors.flags.wrong, 3);
  EXPECT_DOUBLE_EQ(errors.flags.wrong_flagged, 2.0 / 3);
  EXPECT_DOUBLE_EQ(errors.flags.honest_flagged, 1.0 / static_cast<double>(data.distance.size() - 3));
}

}  // namespace
}  // namespace gossan
