#include "present/tally.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace gossan {
namespace {

TEST(FlagTally, OrdersByShareThenByNumberAndLeavesOutWhatWasNotSeen) {
  FlagTally tally(5);
  for (const Index at : {0, 0, 1, 1, 3, 4, 4}) tally.add(at, at == 1 || at == 3);
  tally.add(4, true);
  EXPECT_TRUE(std::isnan(tally.share(2)));
  EXPECT_DOUBLE_EQ(tally.share(4), 1.0 / 3);
  EXPECT_EQ(tally.most_flagged(10), (std::vector<Index>{1, 3, 4, 0}));
  EXPECT_EQ(tally.most_flagged(2), (std::vector<Index>{1, 3}));
}

}  // namespace
}  // namespace gossan
