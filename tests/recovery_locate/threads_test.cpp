#include <gtest/gtest.h>

#include "recovery_locate/maps.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(LocateThreads, TheSameBitsOnAnyNumber) {
  const ThreadsGuard guard;
  const Map map = planted({.points = 80, .dimension = 3, .seed = 1}, {.observed = 0.5, .lies = 0.3, .noise = 0.005, .seed = 1});
  set_threads(1);
  const Located one = locate(map.data.distances, {});
  for (const int count : {2, 3}) {
    set_threads(count);
    const Located many = locate(map.data.distances, {});
    ASSERT_EQ(many.rank, one.rank);
    EXPECT_TRUE((many.points.array() == one.points.array()).all()) << count << " threads";
    EXPECT_EQ(many.residuals, one.residuals);
    EXPECT_EQ(many.noise_scale, one.noise_scale);
    EXPECT_EQ(many.history.size(), one.history.size());
  }
}

}  // namespace
}  // namespace gossan
