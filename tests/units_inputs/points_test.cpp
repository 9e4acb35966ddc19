#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/inputs.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

using testing::expect_contains;
using testing::refusal;

NamedDistances named(const std::vector<std::string>& ids) {
  NamedDistances data;
  data.ids = ids;
  data.pairs.points = static_cast<Index>(ids.size());
  return data;
}
NamedDistances of_integers(const std::vector<Index>& ids) {
  NamedDistances data;
  for (const Index id : ids) data.ids.push_back(std::to_string(id));
  data.id_numbers = ids;
  data.integer_ids = true;
  data.pairs.points = static_cast<Index>(ids.size());
  return data;
}
TruePoints points_in(std::string_view text, const NamedDistances& data, const std::string& metric = "euclidean") {
  const TemporaryFolder folder;
  return read_true_points(folder.write("truth.csv", text), data, {.metric = metric, .radius = 2});
}
std::string points_refusal(std::string_view text, const NamedDistances& data, const std::string& metric = "euclidean") {
  return refusal([&] { points_in(text, data, metric); });
}

TEST(TruePoints, AreLookedUpByRowByIdOrByName) {
  const Matrix expected{{5, 6}, {1, 2}};
  EXPECT_EQ(points_in("x1,x2\n1,2\n3,4\n5,6\n", of_integers({2, 0})).points, expected);
  EXPECT_EQ(points_in("x2,id,x1\n2,a,1\n6,b,5\n", named({"b", "a"})).points, expected);
  const TruePoints by_name = points_in("name,east,north\nLima,1,2\nOslo,5,6\n", named({"Oslo", "Lima"}));
  EXPECT_EQ(by_name.points, expected);
  EXPECT_EQ(by_name.names, (std::vector<std::string>{"Oslo", "Lima"}));
}

TEST(TruePoints, OfTheSphereLieOnIt) {
  const TruePoints truth = points_in("name,latitude,longitude\nA,0,270\nB,90,12\n", named({"A", "B"}), "great-circle");
  EXPECT_EQ(truth.latitude_longitude, (Matrix{{0, -90}, {90, 12}})) << "longitudes within 180 of 0";
  ASSERT_EQ(truth.points.cols(), 3);
  EXPECT_NEAR((truth.points.row(0) - truth.points.row(1)).norm(), 2 * std::sqrt(2), 1e-12) << "a quarter of a circle apart";
  EXPECT_NEAR(truth.points.row(0).norm(), 2, 1e-12);
}

TEST(TruePoints, RefusalsNameThePointOrTheLine) {
  expect_contains(points_refusal("x1\n1\n2\n", of_integers({5})), {"truth.csv", "2 points", "point 5", "0 to 1"});
  expect_contains(points_refusal("id,x1\na,1\n", named({"a", "b"})), {"no point 'b'"});
  expect_contains(points_refusal("id,x1\na,1\na,2\n", named({"a"})), {"line 3", "'a' came already"});
  expect_contains(points_refusal("x1\n1\n", named({"a"})), {"header", "id or name"});
  expect_contains(points_refusal("name,latitude,longitude\nA,91,0\n", named({"A"}), "great-circle"), {"line 2", "latitude 91"});
  expect_contains(points_refusal("name,x1\nA,1\n", named({"A"}), "great-circle"), {"header", "latitude and longitude"});
}

}  // namespace
}  // namespace gossan
