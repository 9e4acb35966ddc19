#include <gtest/gtest.h>

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

NamedDistances distances_in(std::string_view text) {
  const TemporaryFolder folder;
  return read_distances(folder.write("pairs.csv", text));
}
std::string distances_refusal(std::string_view text) {
  return refusal([&] { distances_in(text); });
}

TEST(Distances, NumberIntegerIdsInTheirOrder) {
  const NamedDistances read = distances_in("distance,j,i\n5,10,2\n7.5,007,2\n");
  EXPECT_TRUE(read.integer_ids);
  EXPECT_EQ(read.id_numbers, (std::vector<Index>{2, 7, 10}));
  EXPECT_EQ(read.pairs.points, 3);
  EXPECT_EQ(read.pairs.i, (std::vector<Index>{0, 0}));
  EXPECT_EQ(read.pairs.j, (std::vector<Index>{2, 1}));
  EXPECT_EQ(read.pairs.distance, (std::vector<double>{5, 7.5}));
  EXPECT_EQ(read.columns, "");
}

TEST(Distances, NumberOtherIdsByTheirBytesAndSayWhichColumnsWereRead) {
  const NamedDistances read = distances_in("from,to,km\nRome, Lima ,1\nOslo,Rome,2\n");
  EXPECT_FALSE(read.integer_ids);
  EXPECT_EQ(read.ids, (std::vector<std::string>{"Lima", "Oslo", "Rome"}));
  EXPECT_EQ(read.pairs.i, (std::vector<Index>{2, 1}));
  EXPECT_EQ(read.pairs.j, (std::vector<Index>{0, 2}));
  EXPECT_EQ(read.columns, "from, to, km taken as i, j, distance");
}

TEST(Distances, RefusalsNameTheLine) {
  expect_contains(distances_refusal("i,j,distance\n0,1,5\n1,2,-3\n"), {"pairs.csv", "line 3", "'-3'", ">= 0"});
  expect_contains(distances_refusal("i,j,distance\n0,1,nan\n1,2,3\n"), {"line 2", "'nan'"});
  expect_contains(distances_refusal("0,1,5\n1,1,3\n"), {"line 2", "'1' with itself"});
  expect_contains(distances_refusal("0,1,5\n7,007,3\n"), {"line 2", "'7' with itself"});
  expect_contains(distances_refusal("0,1,5\n\n1,0,6\n"), {"line 3", "already on line 1"});
  expect_contains(distances_refusal("a,b,5\n,b,6\n"), {"line 2", "i is empty"});
  expect_contains(distances_refusal("0,1\n"), {"2 column(s)", "i, j, distance"});
  expect_contains(distances_refusal("i,j,distance\n"), {"pairs.csv"});
}

}  // namespace
}  // namespace gossan
