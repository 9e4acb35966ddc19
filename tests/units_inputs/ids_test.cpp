#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gossan/inputs.hpp"

namespace gossan {
namespace {

using Names = std::vector<std::string>;

TEST(Cells, AreWholeNumbersOrNone) {
  EXPECT_EQ(as_integer(" 007\t"), 7);
  EXPECT_EQ(as_integer("+3"), 3);
  EXPECT_EQ(as_finite("-1e3 "), -1000.0);
  for (const char* text : {"", " ", "3x", "1 2", "+-3", "0x10", "1,5", "9223372036854775808"})
    EXPECT_FALSE(as_integer(text)) << text;
  for (const char* text : {"", "nan", "inf", "-inf", "1e999", "1.5.", "--1"}) EXPECT_FALSE(as_finite(text)) << text;
}

TEST(IdTable, SortsIntegersByValueAndJoinsSpellings) {
  IdTable ids;
  for (const char* id : {"10", " 9", "010", "-2"}) ids.add(id);
  EXPECT_EQ(ids.count(), 4) << "spellings differ until they are known to be integers";
  EXPECT_EQ(ids.sort(), (std::vector<Index>{2, 1, 2, 0}));
  EXPECT_EQ(ids.names(), (Names{"-2", "9", "10"}));
  EXPECT_EQ(ids.find("0010"), 2);
  EXPECT_EQ(ids.find("11"), -1);
  EXPECT_EQ(ids.next_number(), 11);
}

// One id that is no integer makes all of them texts.
TEST(IdTable, SortsTextsByTheirBytes) {
  IdTable ids;
  for (const char* id : {"b", "10", "9", "B"}) ids.add(id);
  EXPECT_EQ(ids.sort(), (std::vector<Index>{3, 0, 1, 2}));
  EXPECT_EQ(ids.names(), (Names{"10", "9", "B", "b"}));
  EXPECT_EQ(ids.find("09"), -1);
  EXPECT_EQ(ids.find(" B "), 2);
}

TEST(IdTable, KeepsAModelsOrderAndTakesInNewOnes) {
  IdTable ids = IdTable::of({"30", "x", "4"});
  EXPECT_EQ(ids.find("004"), 2);
  EXPECT_EQ(ids.find_or_add("x"), 1);
  EXPECT_EQ(ids.find_or_add("031"), 3);
  EXPECT_EQ(ids.name(3), "31");
  EXPECT_EQ(ids.next_number(), 32);
  EXPECT_EQ(IdTable::of({"007"}).find("7"), -1) << "not all are written plainly";
  EXPECT_EQ(IdTable::numbered(3).names(), (Names{"0", "1", "2"}));
  EXPECT_EQ(IdTable::of({"9223372036854775807"}).next_number(), 0) << "no number is above it";
}

}  // namespace
}  // namespace gossan
