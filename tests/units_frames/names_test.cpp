#include "frames/names.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "gossan/frames.hpp"

namespace gossan {
namespace {

TEST(NamesOfFrames, NumbersCountAsPeopleCount) {
  const std::vector<std::string> wanted{"a", "a1", "a2", "a10", "a10b", "a10c", "b1x2", "b1x11", "b02x1", "b10"};
  std::vector<std::string> names = wanted;
  std::reverse(names.begin(), names.end());
  std::sort(names.begin(), names.end(), framing::naturally_before);
  EXPECT_EQ(names, wanted);
}

TEST(NamesOfFrames, TheOrderIsStrict) {
  const std::vector<std::string> names{"1", "01", "001", "1a", "01a", "", "a", "10", "0", "00", "99999999999999999999999999999"};
  for (const std::string& a : names)
    for (const std::string& b : names) {
      EXPECT_FALSE(framing::naturally_before(a, b) && framing::naturally_before(b, a)) << a << " " << b;
      EXPECT_TRUE(a == b || framing::naturally_before(a, b) || framing::naturally_before(b, a)) << a << " " << b;
    }
}

TEST(NamesOfFrames, FoldersAndVideosAreFramesAndArraysAreNot) {
  EXPECT_TRUE(names_frames("/"));
  EXPECT_TRUE(names_frames("x.AVI"));
  EXPECT_TRUE(names_frames("some/x.mkv"));
  EXPECT_FALSE(names_frames("x.npy"));
  EXPECT_FALSE(names_frames("avi"));
}

}  // namespace
}  // namespace gossan
