#include <gtest/gtest.h>

#include <cmath>
#include <limits>
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
using Texts = std::vector<std::string>;

NamedRatings ratings_in(std::string_view name, std::string_view text, const std::string& format = "auto") {
  const TemporaryFolder folder;
  return read_ratings(folder.write(name, text), format);
}
std::string ratings_refusal(std::string_view name, std::string_view text) {
  return refusal([&] { ratings_in(name, text); });
}

TEST(Ratings, OfLinesTakeColumnsByNameAndAverageRepeats) {
  const NamedRatings read = ratings_in("r.csv", "time,rating,movieId,userId\n1,4,b,7\n2,2,b,07\n3,5,a,12\n");
  EXPECT_EQ(read.format, "triplets");
  EXPECT_EQ(read.row_ids.names(), (Texts{"7", "12"}));
  EXPECT_EQ(read.col_ids.names(), (Texts{"a", "b"}));
  EXPECT_EQ(read.repeated, 1);
  EXPECT_EQ(read.ratings.i, (std::vector<Index>{0, 1}));
  EXPECT_EQ(read.ratings.j, (std::vector<Index>{1, 0}));
  EXPECT_EQ(read.ratings.value, (std::vector<double>{3, 5}));
}

TEST(Ratings, OfAMatrixLeaveHolesOut) {
  const std::string_view text = "1,,3,nan,5\n,2,,4,\n";
  const NamedRatings read = ratings_in("r.csv", text);
  EXPECT_EQ(read.format, "matrix");
  EXPECT_EQ(read.ratings.rows, 2);
  EXPECT_EQ(read.ratings.cols, 5);
  EXPECT_EQ(read.ratings.i, (std::vector<Index>{0, 0, 0, 1, 1}));
  EXPECT_EQ(read.ratings.j, (std::vector<Index>{0, 2, 4, 1, 3}));
  EXPECT_EQ(read.col_ids.name(4), "4");
  EXPECT_EQ(ratings_in("r.csv", "1,2,3\n0,1,2\n", "matrix").ratings.value.size(), 6U) << "told, not guessed";
}

TEST(Ratings, OfASparseMatrixAreWhatIsStored) {
  const NamedRatings read =
      ratings_in("r.mtx", "%%MatrixMarket matrix coordinate real general\n3 4 3\n1 4 2.5\n3 1 0\n1 4 3.5\n");
  EXPECT_EQ(read.format, "sparse matrix");
  EXPECT_EQ(read.ratings.rows, 3);
  EXPECT_EQ(read.ratings.cols, 4);
  EXPECT_EQ(read.repeated, 1);
  EXPECT_EQ(read.ratings.value, (std::vector<double>{3, 0})) << "a stored zero is known";
}

TEST(Ratings, RefusalsNameThePlace) {
  expect_contains(ratings_refusal("r.csv", "user,item,rating\n1,2,3\n1,3,many\n"), {"r.csv", "line 3", "'many'"});
  expect_contains(ratings_refusal("r.csv", "user,item,rating\n1,,3\n"), {"line 2", "an id is empty"});
  expect_contains(ratings_refusal("r.csv", "1,2\n3,4\n"), {"line 1", "2 column(s)", "row, column, value"});
  expect_contains(ratings_refusal("r.csv", "nan,nan,nan,nan,nan\nnan,nan,nan,nan,nan\n"), {"no entry is known"});
  const TemporaryFolder folder;
  write_npy(folder / "r.npy", Matrix{{1, 2}, {3, std::numeric_limits<double>::infinity()}});
  expect_contains(refusal([&] { read_ratings(folder / "r.npy"); }), {"r.npy", "entry (1, 1)", "inf"});
}

TEST(Pairs, LookIdsUp) {
  const TemporaryFolder folder;
  const auto file = folder.write("pairs.csv", "row,col\n 1,x\n3,y\n");
  const NamedPairs pairs = read_pairs(file, IdTable::of({"1", "2"}), IdTable::of({"y"}), false);
  EXPECT_EQ(pairs.row, (Texts{"1", "3"}));
  EXPECT_EQ(pairs.i, (std::vector<Index>{0, -1}));
  EXPECT_EQ(pairs.j, (std::vector<Index>{-1, 0}));
  EXPECT_TRUE(pairs.value.empty());
  expect_contains(refusal([&] { read_pairs(file, IdTable::of({"1"}), IdTable::of({"y"}), true); }), {"row, column, value"});
}

TEST(Features, AreTheMeanWhereAnIdHasNone) {
  const TemporaryFolder folder;
  const auto file = folder.write("f.csv", "id,age,size\nb,1,10\na,3,30\nstranger,99,99\n");
  const Matrix features = read_features(file, IdTable::of({"a", "b", "c"}));
  EXPECT_EQ(features, (Matrix{{3, 30}, {1, 10}, {2, 20}}));
  expect_contains(refusal([&] { read_features(file, IdTable::of({"d"})); }), {"none of the ids"});
  write_npy(folder / "f.npy", Matrix{{1, 2}});
  expect_contains(refusal([&] { read_features(folder / "f.npy", IdTable::of({"a", "b"})); }), {"1 rows, expected 2"});
}

TEST(MatchedColumns, AreTheModelsAndCountWhatIsPassedOver) {
  NamedRatings read = ratings_in("r.csv", "user,item,rating\nann,5,1\nbob,6,2\ncid,5,3\nbob,8,4\ncid,8,5\n");
  const MatchedRatings matched = match_columns(std::move(read), IdTable::of({"8", "9", "5"}), "r.csv");
  EXPECT_EQ(matched.passed_over, 1);
  EXPECT_EQ(matched.data.ratings.cols, 3);
  EXPECT_EQ(matched.data.ratings.j, (std::vector<Index>{2, 2, 0, 0}));
  EXPECT_EQ(matched.data.row_ids.names(), (Texts{"ann", "bob", "cid"}));
  NamedRatings only_six = ratings_in("r.csv", "user,item,rating\nann,5,1\nbob,6,2\n");
  const MatchedRatings fewer = match_columns(std::move(only_six), IdTable::of({"5"}), "r.csv");
  EXPECT_EQ(fewer.data.row_ids.names(), (Texts{"ann"})) << "bob has no entry left";
  EXPECT_EQ(fewer.data.ratings.rows, 1);
  NamedRatings others = ratings_in("r.csv", "user,item,rating\nann,5,1\n");
  expect_contains(refusal([&] { match_columns(std::move(others), IdTable::of({"x"}), "r.csv"); }), {"r.csv", "'x'"});
}

}  // namespace
}  // namespace gossan
