// The same bits on any number of threads.
#include <gtest/gtest.h>

#include "gossan/apply.hpp"
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

TEST(ApplyRatingsThreads, BitsDoNotDependOnTheirNumber) {
  const ThreadsGuard guard;
  const Completed model = complete(generate_ratings({.rows = 150, .cols = 120, .reversed = 0.2, .seed = 1}).ratings, {});
  Ratings data = generate_ratings({.rows = 200, .cols = 120, .reversed = 0.2, .seed = 3}).ratings;
  data.rows += model.rows;
  for (Index& i : data.i) i += model.rows;
  set_threads(1);
  const AppliedRatings one = apply(model, data);
  const EntryModel one_after = fold_in(model, data, one);
  set_threads(3);
  const AppliedRatings three = apply(model, data);
  EXPECT_EQ(one.model.row.factor, three.model.row.factor);
  EXPECT_EQ(one.flags.reliability, three.flags.reliability);
  EXPECT_EQ(one_after.col.covariance, fold_in(model, data, three).col.covariance);
}

}  // namespace
}  // namespace gossan
