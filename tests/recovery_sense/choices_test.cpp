// Every part of `sense` by its name, and what the caller gets wrong.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "gossan/init.hpp"
#include "gossan/operators.hpp"
#include "gossan/schedules.hpp"
#include "gossan/sense.hpp"
#include "sensing_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

class SenseChoices : public testing::Test {
 protected:
  void SetUp() override { set_threads(1); }  // problems too small for two
  static GeneratedSensing plant() {
    GenerateSenseOptions planted;
    planted.rows = 6;
    planted.rank = 2;
    planted.condition = 2;
    planted.measurements = 300;
    return generate_sensing(planted);
  }
  ThreadsGuard guard;
  GeneratedSensing truth = plant();
  std::unique_ptr<Operator> A = dense(truth.A, 6, 6);

  std::string refusal(const SenseOptions& options) const {
    try {
      sense(*A, truth.y, options);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(SenseChoices, EveryNameOfEveryTableRuns) {
  const auto runs = [&](const SenseOptions& options) {
    const Sensed answer = sense(*A, truth.y, options, {.truth = &truth.X});
    EXPECT_GT(answer.result.iterations, 0);
    EXPECT_EQ(answer.outliers.size(), truth.y.size());
    EXPECT_FALSE(answer.history.empty());
    EXPECT_FALSE(answer.evidence.checks.empty());
    EXPECT_FALSE(answer.evidence.message.empty());
  };
  SenseOptions base;
  base.max_iterations = 25;
  base.rank = 2;
  const auto each = [&](const auto& table, std::string SenseOptions::*name) {
    for (const auto& row : table) {
      SCOPED_TRACE(row.name);
      SenseOptions options = base;
      options.*name = row.name;
      const SenseOptions parts = options.with_parts(true);
      if (parts.schedule == "polyak") options.settings.emplace_back("schedule.f_min", "0.1");
      if (parts.init == "truncated-spectral") options.settings.emplace_back("init.keep", "0.9");
      runs(options);
    }
  };
  each(models(), &SenseOptions::model);
  each(losses(), &SenseOptions::loss);
  each(methods(), &SenseOptions::method);
  each(schedules(), &SenseOptions::schedule);
  each(initialisations(), &SenseOptions::init);
}

TEST_F(SenseChoices, EveryNameAndOptionIsReported) {
  SenseOptions options;
  options.max_iterations = 5;
  options.loss = "huber";
  options.settings = {{"loss.delta", "2.5"}, {"schedule.step", "0.25"}};
  const Sensed answer = sense(*A, truth.y, options);
  const std::vector<std::pair<std::string, std::string>> expected{
      {"model", "symmetric-factor"}, {"loss", "huber"},         {"loss.delta", "2.5"},
      {"method", "subgradient"},     {"schedule.step", "0.25"}, {"schedule.ratio", "0.99"},
      {"init", "small-random"},      {"init.alpha", "1e-15"},   {"rank", "6"},
      {"max_iterations", "5"},       {"holdout", "0.05"},       {"seed", "0"},
  };
  for (const auto& choice : expected) {
    EXPECT_NE(std::find(answer.choices.begin(), answer.choices.end(), choice), answer.choices.end())
        << choice.first << " = " << choice.second;
  }
}

// The tuning-free recovery knows one factor and two; a product of more is descended on, and may be of any matrix.
TEST_F(SenseChoices, ADeepProductIsDescendedOnWithMatricesAsTheyAre) {
  SenseOptions options;
  options.model = "deep-product";
  options.max_iterations = 5;
  std::vector<bool> asked;
  const auto measuring = [&](bool symmetric) -> const Operator& {
    asked.push_back(symmetric);
    return *A;
  };
  const Sensed answer = sense(measuring, truth.y, options);
  EXPECT_EQ(asked, std::vector<bool>{false});
  EXPECT_FALSE(answer.symmetric);
  const std::pair<std::string, std::string> method{"method", "subgradient"}, depth{"model.depth", "3"};
  for (const auto& choice : {method, depth})
    EXPECT_NE(std::find(answer.choices.begin(), answer.choices.end(), choice), answer.choices.end()) << choice.first;
  ASSERT_TRUE(answer.trajectory.budget);
  EXPECT_TRUE(std::isnan(answer.trajectory.budget->needed));  // the rule for two factors is none for three
}

TEST_F(SenseChoices, UnknownNamesAreAnsweredWithTheNearest) {
  const auto with = [](std::string SenseOptions::*name, const std::string& value) {
    SenseOptions options;
    options.*name = value;
    return options;
  };
  EXPECT_NE(refusal(with(&SenseOptions::loss, "hubr")).find("did you mean 'huber'?"), std::string::npos);
  EXPECT_NE(refusal(with(&SenseOptions::schedule, "polyack")).find("did you mean 'polyak'?"), std::string::npos);
  EXPECT_NE(refusal(with(&SenseOptions::init, "spectra")).find("did you mean 'spectral'?"), std::string::npos);
  const auto set = [](const std::string& name, const std::string& value) {
    SenseOptions options;
    options.loss = "huber";
    options.settings = {{name, value}};
    return options;
  };
  EXPECT_NE(refusal(set("los.delta", "1")).find("did you mean 'loss.delta'?"), std::string::npos);
  EXPECT_NE(refusal(set("loss.dleta", "1")).find("did you mean 'delta'?"), std::string::npos);
  EXPECT_NE(refusal(set("delta", "1")).find("PART.OPTION"), std::string::npos);
  EXPECT_NE(refusal(set("loss", "1")).find("PART.OPTION"), std::string::npos);
  EXPECT_NE(refusal(set("loss.delta", "-1")).find("-1"), std::string::npos);
  EXPECT_NE(refusal(with(&SenseOptions::schedule, "polyak")).find("--f-min"), std::string::npos);
}

TEST_F(SenseChoices, BadDataAndNumbersAreRefused) {
  SenseOptions options;
  options.rank = 7;
  EXPECT_NE(refusal(options).find("<= 6"), std::string::npos);
  options.rank = -1;
  EXPECT_NE(refusal(options), "");
  options.rank = 0;
  options.holdout = 0.9;
  EXPECT_NE(refusal(options), "");
  std::vector<double> y = truth.y;
  y[17] = std::numeric_limits<double>::quiet_NaN();
  try {
    sense(*A, y, {});
    FAIL() << "NaN in y was accepted";
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("y[17]"), std::string::npos);
  }
  y.pop_back();
  EXPECT_THROW(sense(*A, y, {}), std::invalid_argument);
}

TEST_F(SenseChoices, ASymmetricModelNeedsASquareMatrix) {
  GenerateSenseOptions planted;
  planted.rows = 4;
  planted.cols = 3;
  planted.rank = 1;
  const auto made = generate_sensing(planted);
  const auto B = dense(made.A, 4, 3);
  SenseOptions options;
  options.model = "symmetric-factor";
  EXPECT_THROW(sense(*B, made.y, options), std::invalid_argument);
  options.method = "subgradient";
  EXPECT_THROW(sense(*B, made.y, options), std::invalid_argument);
}

TEST_F(SenseChoices, ObserversStopTheRunAndTheAnswerIsWhatThereIs) {
  std::atomic<bool> flag = true;
  Watch watch;
  watch.observers.push_back(interruptible(flag));
  double seen = 0;
  watch.progress = [&seen](std::string_view, double fraction) { seen = fraction; };
  const Sensed answer = sense(*A, truth.y, {}, watch);
  EXPECT_EQ(answer.result.status, Status::interrupted);
  EXPECT_EQ(answer.result.iterations, 1);
  EXPECT_NE(answer.evidence.verdict, Verdict::trusted);
  EXPECT_GT(seen, 0);
}

TEST_F(SenseChoices, TheSeedDecidesTheBits) {
  SenseOptions options;
  options.max_iterations = 30;
  const Sensed a = sense(*A, truth.y, options), b = sense(*A, truth.y, options);
  EXPECT_EQ(a.L, b.L);
  options.seed = 1;
  EXPECT_NE(a.L, sense(*A, truth.y, options).L);
}

// Operators without the talent WholeAdjoint: the same recovery through sweeps alone.
TEST(SenseOperators, EntriesOfAMatrixWithGrossErrors) {
  constexpr Index side = 12;
  const Matrix F = normal_matrix(side, 1, Random(3, 3));
  const Matrix X = F * F.transpose();
  const Random random(4, 4);
  std::vector<Index> i, j;
  std::vector<double> y;
  std::vector<bool> wrong;
  for (Index e = 0; e < side * side; ++e) {
    i.push_back(e / side);
    j.push_back(e % side);
    wrong.push_back(random.uniform(2 * e) < 0.05);
    y.push_back(X(i.back(), j.back()) + (wrong.back() ? 20 * random.normal(2 * e + 1) : 0));
  }
  const auto A = entries(side, side, i, j);
  const ThreadsGuard guard;
  set_threads(1);
  SenseOptions options;
  options.rank = 1;
  options.init = "robust-spectral";
  options.method = "subgradient";
  options.schedule = "geometric";
  options.max_iterations = 1500;
  options.settings = {{"schedule.step", "1"}, {"schedule.ratio", "0.98"}, {"init.alpha", "1"}};
  const Sensed answer = sense(*A, y, options);
  EXPECT_LT((answer.L * answer.L.transpose() - X).norm(), 1e-6 * X.norm());
  EXPECT_EQ(answer.outliers, wrong);
}

}  // namespace
}  // namespace gossan
