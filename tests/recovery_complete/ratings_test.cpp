// Ratings on a scale, some of them random or reversed.
#include <gtest/gtest.h>

#include "recovery_complete/planted.hpp"

namespace gossan {
namespace {

GenerateRatingsOptions usual(std::uint64_t seed) {
  return {.rows = 300, .cols = 200, .rank = 3, .observed = 0.25, .noise = 0.5, .seed = seed};
}

TEST(RatingsCompletion, HonestOnesAreLearntBetterThanByMeans) {
  for (std::uint64_t seed = 1; seed <= SEEDS; ++seed) {
    const GeneratedRatings made = generate_ratings(usual(seed));
    const Completed completed = complete(made.ratings, {.seed = seed});
    EXPECT_LT(unseen_error(made, completed), 0.35);  // the taste has a standard deviation of .8
    EXPECT_LT(completed.holdout_error, 0.8 * completed.bias_error);
    EXPECT_LT(completed.random_share, 0.1);
    EXPECT_LT(completed.reversed_share, 0.02);
    EXPECT_LT(completed.outlier_fraction, 0.03);
    EXPECT_EQ(completed.evidence.verdict, Verdict::trusted) << completed.evidence.message;
  }
}

TEST(RatingsCompletion, ReversedOnesAreNamedAndFlagged) {
  GenerateRatingsOptions options = usual(3);
  options.reversed = 0.25;
  const GeneratedRatings made = generate_ratings(options);
  const Completed completed = complete(made.ratings, {});
  EXPECT_EQ(completed.method, "ordinal");
  EXPECT_GT(completed.reversed_share, 0.12);  // a reversed 3 is a 3: some pass for random
  EXPECT_LT(completed.reversed_share, 0.3);
  EXPECT_GT(1.25 * (completed.random_share + completed.reversed_share) + 0.02, 0.25);  // what the program calls at most
  EXPECT_LT(completed.random_share + completed.reversed_share, 0.5);
  const Completed plain = complete(made.ratings, {.method = "student-t"});
  EXPECT_LT(unseen_error(made, completed), 0.9 * unseen_error(made, plain));
  double hits = 0, flagged = 0;
  for (std::size_t e = 0; e < made.bad.size(); ++e) {
    if (!completed.outliers[e]) continue;
    flagged += 1;
    hits += made.bad[e] ? 1 : 0;
  }
  EXPECT_GT(hits / flagged, 0.7);  // a reversed 3 is a 3: not all can be found, but what is flagged is mostly bad
}

TEST(RatingsCompletion, RandomOnesAreNotTakenForReversed) {
  GenerateRatingsOptions options = usual(4);
  options.random = 0.3;
  const Completed completed = complete(generate_ratings(options).ratings, {});
  EXPECT_GT(completed.random_share, 0.25);
  EXPECT_LT(completed.random_share, 0.45);
  EXPECT_LT(completed.reversed_share, 0.05);
}

TEST(RatingsCompletion, ARowOfRandomRatingsIsFlagged) {
  GeneratedRatings made = generate_ratings(usual(5));
  const Random level(5, 903);
  for (std::size_t e = 0; e < made.ratings.value.size(); ++e) {
    if (made.ratings.i[e] == 17) made.ratings.value[e] = level.uniform(static_cast<Index>(e)) < 0.5 ? 1 : 5;
  }
  const Completed completed = complete(made.ratings, {});
  EXPECT_TRUE(completed.flagged_rows[17]);
  EXPECT_GT(completed.row_flags(17), 0.2);
  EXPECT_LE(std::count(completed.flagged_rows.begin(), completed.flagged_rows.end(), true), 3);
}

TEST(RatingsCompletion, NinetyPercentIntervalsHoldOnFreshRatings) {
  const GeneratedRatings made = generate_ratings(usual(6));
  Ratings fitted{made.ratings.rows, made.ratings.cols}, fresh;
  const Random coin(6, 904);
  for (std::size_t e = 0; e < made.ratings.value.size(); ++e) {
    Ratings& part = coin.uniform(static_cast<Index>(e)) < 0.2 ? fresh : fitted;
    part.i.push_back(made.ratings.i[e]);
    part.j.push_back(made.ratings.j[e]);
    part.value.push_back(made.ratings.value[e]);
  }
  for (const std::string method : {"student-t", "ordinal"}) {
    const Completed completed = complete(fitted, {.method = method});
    std::vector<double> mean(fresh.value.size()), sd(mean);
    predict(completed, fresh.i, fresh.j, mean, sd);
    double within = 0;
    for (std::size_t e = 0; e < mean.size(); ++e) within += std::abs(mean[e] - fresh.value[e]) <= 1.645 * sd[e] ? 1 : 0;
    EXPECT_NEAR(within / static_cast<double>(mean.size()), 0.9, 0.03) << method;
  }
}

// The unit that values are told in changes no answer.
TEST(RatingsCompletion, UnitsChangeNothing) {
  Ratings data = generate_ratings(usual(5)).ratings;
  const Completed one = complete(data, {.method = "student-t"});
  for (double& each : data.value) each *= 100;
  const Completed hundred = complete(data, {.method = "student-t"});
  std::vector<double> mean(data.value.size()), sd(mean.size()), mean100(mean.size()), sd100(mean.size());
  predict(one, data.i, data.j, mean, sd);
  predict(hundred, data.i, data.j, mean100, sd100);
  for (std::size_t e = 0; e < mean.size(); ++e) {
    EXPECT_NEAR(mean100[e], 100 * mean[e], 1e-6);
    EXPECT_NEAR(sd100[e], 100 * sd[e], 1e-6);
  }
  EXPECT_NEAR(hundred.noise_scale, 100 * one.noise_scale, 1e-6);
}

TEST(RatingsCompletion, UnknownIdsAreAnsweredFromTheOtherBias) {
  const GeneratedRatings made = generate_ratings(usual(7));
  const Completed completed = complete(made.ratings, {});
  std::vector<Index> i(200, -1), j(200);
  for (Index b = 0; b < 200; ++b) j[static_cast<std::size_t>(b)] = b;
  std::vector<double> mean(200), sd(200);
  predict(completed, i, j, mean, sd);
  double ours = 0, none = 0;
  for (Index b = 0; b < 200; ++b) {
    const double average =
        3 + made.col_bias(b) + made.row_bias.mean() + made.row_factors.colwise().mean().dot(made.col_factors.row(b));
    ours += std::pow(mean[static_cast<std::size_t>(b)] - average, 2);
    none += std::pow(completed.mean - average, 2);
  }
  EXPECT_LT(ours, 0.15 * none);
  predict(completed, std::vector<Index>{-1}, std::vector<Index>{-1}, std::span(mean).first(1), std::span(sd).first(1));
  EXPECT_NEAR(mean[0], 3, 0.3);
}

TEST(RatingsCompletion, ExactFeaturesHelpWhereRatingsAreFew) {
  GenerateRatingsOptions options = usual(8);
  options.observed = 0.1;
  options.levels = 0;
  const GeneratedRatings made = generate_ratings(options);
  const CompleteOptions fit{.method = "student-t"};
  const Completed without = complete(made.ratings, fit);
  const Completed with = complete(made.ratings, fit, {made.row_factors, made.col_factors});
  const auto error = [&](const Completed& completed) {
    Matrix X(300, 200);
    for (Index a = 0; a < 300; ++a)
      for (Index b = 0; b < 200; ++b) X(a, b) = made.expected(a, b);
    return relative(whole(completed), X);
  };
  EXPECT_LT(error(with), 0.7 * error(without));
}

}  // namespace
}  // namespace gossan
