#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

TEST(Simd, EveryLevelOfTheMachineCanBeChosenAndTheBestComesBack) {
  const auto levels = simd_levels();
  const std::string before = simd_level();
  ASSERT_FALSE(levels.empty());
  EXPECT_EQ(levels.front(), before);
  EXPECT_EQ(levels.back(), "scalar");
  for (const std::string& level : levels) {
    set_simd_level(level);
    EXPECT_EQ(simd_level(), level);
  }
  set_simd_level(before);
  EXPECT_EQ(simd_levels(), levels);
}

TEST(Simd, AnUnknownLevelIsRefusedWithTheKnownOnes) {
  const std::string before = simd_level();
  try {
    set_simd_level("mmx");
    ADD_FAILURE() << "not refused";
  } catch (const std::invalid_argument& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("'mmx'"), std::string::npos) << message;
    EXPECT_NE(message.find("scalar"), std::string::npos) << message;
  }
  EXPECT_EQ(simd_level(), before);
}

}  // namespace
}  // namespace gossan
