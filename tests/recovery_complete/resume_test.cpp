// A completion that was stopped, and stopped again within the same stage, goes on from its checkpoint and ends with the bits of
// one that never was.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <utility>

#include "gossan/io.hpp"
#include "recovery_complete/planted.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

class CompleteResume : public testing::Test {
 protected:
  Watch watch(Index stop = -1) const {
    Watch watch{.checkpoint = {.file = (folder_ / "run").string(), .every = 0, .resume = true}};
    if (stop > 0)
      watch.observers.emplace_back([stop, taken = std::make_shared<Index>(0)](const Iterate&) {
        return ++*taken >= stop ? std::optional(Status::interrupted) : std::nullopt;
      });
    return watch;
  }
  // Stopped after so many steps, and once more after further ones.
  void expect_same(const Ratings& data, const CompleteOptions& options, const SideInformation& side = {}) {
    const Completed straight = complete(data, options, side);
    for (const auto& [first, second] : {std::pair<Index, Index>{3, 2}, {11, 20}, {17, 3}}) {
      SCOPED_TRACE(first);
      std::filesystem::remove(folder_ / "run");
      for (const Index stop : {first, second}) EXPECT_EQ(complete(data, options, side, watch(stop)).status, Status::interrupted);
      const Completed resumed = complete(data, options, side, watch());
      EXPECT_EQ(resumed.status, straight.status);
      EXPECT_EQ(resumed.method, straight.method);
      EXPECT_EQ(resumed.row.factor, straight.row.factor);
      EXPECT_EQ(resumed.col.factor, straight.col.factor);
      EXPECT_EQ(resumed.row.covariance, straight.row.covariance);
      EXPECT_EQ(resumed.reliability, straight.reliability);
      EXPECT_EQ(resumed.evidence.message, straight.evidence.message);
    }
  }
  TemporaryFolder folder_;
};

TEST_F(CompleteResume, Ratings) {
  const Ratings data = generate_ratings({.rows = 60, .cols = 40, .random = 0.1, .reversed = 0.2, .seed = 2}).ratings;
  expect_same(data, {.method = "student-t"});
  expect_same(data, {.method = "ordinal"});
}

TEST_F(CompleteResume, LowRankAlone) {
  expect_same(planted_entries({.rows = 30, .cols = 25, .rank = 2, .observed = 0.6}).data, {.method = "pursuit"});
}

TEST_F(CompleteResume, WithFeaturesWhicheverModelIsTried) {
  const Ratings data = planted_entries({.rows = 30, .cols = 25, .rank = 2, .observed = 0.6}).data;
  const SideInformation useless{normal_matrix(30, 3, Random(1, 1)), {}};
  expect_same(data, {}, useless);
}

TEST_F(CompleteResume, OtherFeaturesAreAnotherProblem) {
  const Ratings data = planted_entries({.rows = 30, .cols = 25, .rank = 2, .observed = 0.6}).data;
  SideInformation side{normal_matrix(30, 3, Random(1, 1)), normal_matrix(25, 3, Random(1, 2))};
  complete(data, {}, side, watch(3));
  side.cols(4, 1) += 1e-9;
  EXPECT_THROW(complete(data, {}, side, watch()), BadFile);
}

}  // namespace
}  // namespace gossan
