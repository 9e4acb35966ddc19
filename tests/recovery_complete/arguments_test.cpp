// What complete refuses, and the awkward data that it takes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "recovery_complete/planted.hpp"

namespace gossan {
namespace {

const Ratings small{2, 2, {0, 0, 1}, {0, 1, 1}, {1, 2, 3}};

TEST(CompleteArguments, MalformedEntriesAreRefused) {
  const auto refused = [](Ratings data, CompleteOptions options = {}, const SideInformation& side = {}) {
    EXPECT_THROW(complete(data, options, side), std::invalid_argument);
  };
  refused({0, 2, {}, {}, {}});
  refused({2, 2, {}, {}, {}});
  refused({2, 2, {0}, {0, 1}, {1}});
  refused({2, 2, {2}, {0}, {1}});
  refused({2, 2, {0}, {-1}, {1}});
  refused({2, 2, {0, 0}, {1, 1}, {1, 2}});
  refused({2, 2, {0}, {0}, {std::nan("")}});
  refused(small, {.method = "magic"});
  refused(small, {.holdout = 0.9});
  refused(small, {}, {Matrix::Ones(3, 1), {}});
  Ratings many = planted_entries({.rows = 20, .cols = 20, .rank = 1, .observed = 1}).data;
  refused(many, {.method = "ordinal"});
}

TEST(CompleteArguments, PredictionsRefuseWhatIsNotThere) {
  const Completed completed = complete(small, {});
  std::vector<double> one(1), two(2);
  const std::vector<Index> zero = {0}, beyond = {2};
  EXPECT_THROW(predict(completed, beyond, zero, one, one), std::invalid_argument);
  EXPECT_THROW(predict(completed, zero, zero, two, one), std::invalid_argument);
}

// Nothing of this may crash or give NaN; none may be called trusted.
TEST(CompleteArguments, NextToNothingIsAnsweredWithDoubt) {
  const std::vector<Ratings> cases = {
      {1, 1, {0}, {0}, {3}}, {2, 3, {0, 1}, {0, 2}, {1, 1}}, {5, 5, {0, 1, 2, 3}, {0, 1, 2, 3}, {0, 0, 0, 0}}, small};
  for (const Ratings& data : cases) {
    for (const std::string method : {"auto", "student-t", "pursuit"}) {
      const Completed completed = complete(data, {.method = method});
      std::vector<double> mean(1), sd(1);
      predict(completed, std::vector<Index>{0}, std::vector<Index>{0}, mean, sd);
      EXPECT_TRUE(std::isfinite(mean[0]) && std::isfinite(sd[0])) << method;
      EXPECT_NE(completed.evidence.verdict, Verdict::trusted);
      EXPECT_EQ(completed.outliers.size(), data.value.size());
      const bool all_equal = std::count(data.value.begin(), data.value.end(), data.value[0]) == std::ssize(data.value);
      if (all_equal) {
        EXPECT_EQ(completed.outlier_fraction, 0);
      }
    }
  }
}

TEST(CompleteArguments, ValuesThatAreTooLargeToSquareAreNoCrash) {
  Ratings data = generate_ratings({.rows = 20, .cols = 15, .seed = 4}).ratings;
  for (double& each : data.value) each = each > 3 ? 1e200 : 1;
  for (const std::string method : {"auto", "student-t", "ordinal"}) {
    const Completed completed = complete(data, {.method = method});
    EXPECT_EQ(completed.outliers.size(), data.value.size());
    EXPECT_EQ(completed.flagged_rows.size(), 20U);
    EXPECT_NE(completed.evidence.verdict, Verdict::trusted);
  }
}

TEST(CompleteArguments, AWatcherEndsItWithWhatThereIs) {
  const GeneratedRatings made = generate_ratings({.rows = 100, .cols = 80, .seed = 1});
  Index steps = 0;
  Watch watch;
  watch.observers.emplace_back(
      [&](const Iterate&) -> std::optional<Status> { return ++steps >= 20 ? std::optional(Status::time_limit) : std::nullopt; });
  const Completed completed = complete(made.ratings, {}, {}, watch);
  EXPECT_EQ(completed.status, Status::time_limit);
  EXPECT_EQ(completed.iterations, 20);
  EXPECT_EQ(completed.evidence.verdict, Verdict::doubtful);
  EXPECT_TRUE(completed.row.factor.allFinite());
  EXPECT_EQ(completed.residuals.size(), made.ratings.value.size());
}

}  // namespace
}  // namespace gossan
