// The same bits on any number of threads.
#include <gtest/gtest.h>

#include "recovery_complete/planted.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(CompleteThreads, BitsDoNotDependOnTheirNumber) {
  const ThreadsGuard guard;
  const GeneratedRatings ratings = generate_ratings({.rows = 150, .cols = 120, .reversed = 0.2, .seed = 1});
  const PlantedEntries entries = planted_entries({.rows = 80, .cols = 70, .rank = 3, .observed = 0.4, .seed = 2});
  for (const Ratings* data : {&ratings.ratings, &entries.data}) {
    set_threads(1);
    const Completed one = complete(*data, {});
    set_threads(3);
    const Completed three = complete(*data, {});
    EXPECT_EQ(one.row.factor, three.row.factor);
    EXPECT_EQ(one.col.factor, three.col.factor);
    EXPECT_EQ(one.row.covariance, three.row.covariance);
    EXPECT_EQ(one.residuals, three.residuals);
    EXPECT_EQ(one.sd_scale, three.sd_scale);
  }
}

}  // namespace
}  // namespace gossan
