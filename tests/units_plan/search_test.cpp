#include "plan/search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <utility>

#include "gossan/random.hpp"

namespace gossan::planning {
namespace {

// Simulated trials that succeed with probability law(n); every (n, trial) is asked for once.
template <class Law>
struct Synthetic {
  Law law;
  std::uint64_t seed = 0;
  std::set<std::pair<Index, Index>> asked = {};

  std::vector<Outcome> operator()(Index n, Index first, Index last) {
    std::vector<Outcome> outcomes;
    for (Index trial = first; trial < last; ++trial) {
      EXPECT_TRUE(asked.insert({n, trial}).second) << n << " " << trial;
      const bool success = Random(seed, static_cast<std::uint64_t>(n)).uniform(trial) < law(static_cast<double>(n));
      outcomes.push_back({.success = success, .trusted = success, .error = success ? 0.0 : 1.0});
    }
    return outcomes;
  }
};
template <class Law>
Synthetic(Law, std::uint64_t) -> Synthetic<Law>;

TEST(Search, FindsWhereALawReachesItsShare) {
  for (const double at : {130.0, 700.0, 3000.0}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const SuccessCurve law{.share = 0.95, .measurements = at, .slope = 25};
      Synthetic simulate{law, seed};
      const Searched found = search({.first = 100, .most = 6400, .trials = 20, .share = 0.95}, simulate);
      ASSERT_TRUE(found.reached);
      EXPECT_FALSE(found.stopped);
      EXPECT_NEAR(std::log(fit_success_curve(found.points, 0.95).measurements / at), 0, 0.15) << at << " " << seed;
      EXPECT_LT(simulate.asked.size(), 400U);
    }
  }
}

TEST(Search, FindsAStep) {
  Synthetic simulate{[](double n) { return n >= 333 ? 1.0 : 0.0; }, 1};
  const Searched found = search({.first = 50, .most = 5000, .trials = 12, .share = 0.95}, simulate);
  ASSERT_TRUE(found.reached);
  EXPECT_NEAR(fit_success_curve(found.points, 0.95).measurements, 333, 25);
  for (const PlanPoint& point : found.points) {
    if (point.measurements < 333) {
      EXPECT_EQ(point.trials % 3, 0);
      EXPECT_EQ(point.successes, 0);
      EXPECT_EQ(point.median_error, 1);
    } else {
      EXPECT_EQ(point.trials % 12, 0);
      EXPECT_EQ(point.successes, point.trials);
      EXPECT_EQ(point.median_error, 0);
    }
  }
}

TEST(Search, SaysWhatItDidNotReachAndGoesNoFurtherThanToldTo) {
  Synthetic simulate{[](double) { return 0.6; }, 1};
  const Searched found = search({.first = 10, .most = 100, .trials = 40, .share = 0.95}, simulate);
  EXPECT_FALSE(found.reached);
  EXPECT_EQ(found.points.back().measurements, 100);
}

TEST(Search, StopsWhereTheTrialsDo) {
  Synthetic law{[](double n) { return n >= 300 ? 1.0 : 0.0; }, 1};
  int left = 3;
  const auto simulate = [&](Index n, Index first, Index last) {
    return left-- > 0 ? law(n, first, last) : std::vector<Outcome>();
  };
  const Searched found = search({.first = 100, .most = 5000, .trials = 8, .share = 0.95}, simulate);
  EXPECT_TRUE(found.stopped);
  EXPECT_FALSE(found.reached);  // 100, 200 and a quarter of 400 were done
  EXPECT_EQ(found.points.size(), 3U);
  EXPECT_EQ(found.points.back().trials, 2);
}

}  // namespace
}  // namespace gossan::planning
