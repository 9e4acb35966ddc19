// Every method of the table with nothing named but itself and what it needs, on standard Gaussian instances inside what its paper
// claims: d = 20, r = 3, kappa = 10, n = 500, corrupted where the method bears that.
#include "gossan/methods.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "gossan/operators.hpp"
#include "gossan/sense.hpp"
#include "sensing_problem.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

struct Planted {
  Planted(Index cols, double corrupted, std::uint64_t seed) : truth(generate_sensing(instance(cols, corrupted, seed))) {
    A = dense(truth.A, truth.rows, truth.cols);
    for (std::size_t e = 0; e < truth.y.size(); ++e) {
      const double z = truth.A.row(static_cast<Index>(e)).dot(Eigen::Map<const Vector>(truth.X.data(), truth.X.size()));
      f_min += std::abs(z - truth.y[e]) / static_cast<double>(truth.y.size());
    }
  }

  static GenerateSenseOptions instance(Index cols, double corrupted, std::uint64_t seed) {
    GenerateSenseOptions options;
    options.cols = cols;
    options.measurements = 500;
    options.corrupted = corrupted;
    options.seed = seed;
    return options;
  }

  // The relative error of sense(). Nothing is held out, so that f_min is the loss of the truth.
  double error(SenseOptions options, const Watch& watch = {}) const {
    const ThreadsGuard guard;
    set_threads(1);  // problems too small for two
    options.holdout = 0;
    const Sensed answer = sense(*A, truth.y, options, watch);
    return (answer.L * (answer.symmetric ? answer.L : answer.R).transpose() - truth.X).norm() / truth.X.norm();
  }

  GeneratedSensing truth;
  std::unique_ptr<Operator> A;
  double f_min = 0;  // of the absolute loss
};

// What the method and its companions need to be told, the rank aside.
Settings needed(const MethodRow& row, double corrupted, double f_min) {
  Settings settings;
  if (row.companions.init == "truncated-spectral") settings.emplace_back("init.keep", std::to_string(1 - corrupted));
  if (row.companions.schedule == "polyak") settings.emplace_back("schedule.f_min", std::to_string(f_min));
  return settings;
}

bool robust(const MethodRow& row) { return row.companions.loss == "absolute" || row.name == "double-over-parameterisation"; }

SenseOptions alone(const MethodRow& row, Index rank, Settings settings = {}) {
  SenseOptions options;
  options.method = row.name;
  options.rank = rank;
  options.max_iterations = 3000;
  options.settings = std::move(settings);
  return options;
}

// The data's own bits limit f_min as text to six digits, and that the error.
double bound(const MethodRow& row) {
  if (row.name == "double-over-parameterisation") return 1e-2;  // its last digits come slowly: g and h grow as they are
  if (!row.companions.penalty.empty()) return 1e-2;             // the penalty's bias, at its default weight
  if (row.companions.schedule == "polyak") return 1e-5;
  return 1e-6;
}

TEST(MethodCells, EveryMethodRecoversAtTheTrueRankWithNothingElseNamed) {
  for (const Index cols : {Index(0), Index(15)}) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
      const Planted clean(cols, 0, seed), corrupted(cols, 0.1, seed);
      for (const MethodRow& row : methods()) {
        SCOPED_TRACE(row.name + ", cols " + std::to_string(cols) + ", seed " + std::to_string(seed));
        const Planted& planted = robust(row) ? corrupted : clean;
        const Settings settings = needed(row, robust(row) ? 0.1 : 0, planted.f_min);
        EXPECT_LT(planted.error(alone(row, 3, settings)), bound(row));
      }
    }
  }
}

// Those that do not need the rank, with twice as many columns and with as many as fit. Of momentum nobody claims it, and the slow
// ones would take too long with the most.
TEST(MethodCells, MethodsThatDoNotNeedTheRankRecoverWithMoreColumns) {
  for (const Index cols : {Index(0), Index(15)}) {
    const Planted clean(cols, 0, 1), corrupted(cols, 0.1, 1);
    for (const MethodRow& row : methods()) {
      if (std::count(row.needs.begin(), row.needs.end(), Need::rank) > 0 || row.name == "momentum") continue;
      for (const Index rank : {Index(6), Index(0)}) {
        const bool slow = row.name == "opsa" || row.name == "double-over-parameterisation";  // sublinear
        if (rank == 0 && slow) continue;
        SCOPED_TRACE(row.name + ", cols " + std::to_string(cols) + ", rank " + std::to_string(rank));
        const Planted& planted = robust(row) ? corrupted : clean;
        const Settings settings = needed(row, robust(row) ? 0.1 : 0, planted.f_min);
        EXPECT_LT(planted.error(alone(row, rank, settings)), slow ? 1e-2 : bound(row));
      }
    }
  }
}

TEST(MethodCells, SmoothMethodsAreSpoiledByOutliers) {
  const Planted corrupted(0, 0.1, 1);
  for (const MethodRow& row : methods()) {
    if (robust(row)) continue;
    EXPECT_GT(corrupted.error(alone(row, 3)), 0.05) << row.name;
  }
}

TEST(MethodCells, OneNumberIsAMatrixToo) {
  for (const Index cols : {Index(0), Index(1)}) {
    GenerateSenseOptions options = Planted::instance(cols, 0, 5);
    options.rows = options.rank = 1;
    options.measurements = 9;
    Planted planted(0, 0, 5);
    planted.truth = generate_sensing(options);
    planted.A = dense(planted.truth.A, 1, 1);
    for (const MethodRow& row : methods()) {
      EXPECT_LT(planted.error(alone(row, 1, needed(row, 0, 0))), std::max(1e-3, bound(row))) << row.name << ", cols " << cols;
    }
  }
}

// The rate of scaled methods does not depend on the condition number, that of gradient descent does.
TEST(MethodCells, ScalingRemovesTheConditionNumber) {
  GenerateSenseOptions options = Planted::instance(0, 0, 4);
  options.condition = 100;
  Planted planted(0, 0, 4);
  planted.truth = generate_sensing(options);
  planted.A = dense(planted.truth.A, 20, 20);
  SenseOptions scaled = alone(find(methods(), "scaled-gd", "method"), 3);
  SenseOptions plain = alone(find(methods(), "gradient-descent", "method"), 3, {{"init.alpha", "1"}});
  plain.init = "spectral";
  scaled.max_iterations = plain.max_iterations = 150;
  EXPECT_LT(planted.error(scaled), 1e-10);
  EXPECT_GT(planted.error(plain), 1e-4);
}

TEST(MethodNeeds, ARankThatIsNeededAndNotGivenIsRefused) {
  const Planted planted(0, 0, 1);
  for (const MethodRow& row : methods()) {
    if (std::count(row.needs.begin(), row.needs.end(), Need::rank) == 0) continue;
    try {
      planted.error(alone(row, 0, needed(row, 0, 0)));
      ADD_FAILURE() << row.name << " ran without the rank";
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(row.name + ": needs the rank"), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("--rank"), std::string::npos) << error.what();
    }
  }
}

TEST(MethodNeeds, OnlyTheOracleLooksAtTheTruth) {
  const Planted planted(0, 0, 1);
  SenseOptions options;
  options.method = "subgradient";
  options.schedule = "oracle";
  options.max_iterations = 10;
  EXPECT_THROW(planted.error(options), std::invalid_argument);
  EXPECT_LT(planted.error(options, {.truth = &planted.truth.X}), 10);
  SenseOptions told = alone(find(methods(), "subgradient", "method"), 3), untold = told;
  told.max_iterations = untold.max_iterations = 50;
  EXPECT_EQ(planted.error(told, {.truth = &planted.truth.X}), planted.error(untold));
}

TEST(MethodCompanions, AreWhatAutoMeansAndTheCallersSettingsWin) {
  SenseOptions options;
  options.method = "scaled-gd";
  options.seed = 7;
  const SenseOptions symmetric = options.with_parts(true), general = options.with_parts(false);
  EXPECT_EQ(symmetric.loss, "squared");
  EXPECT_EQ(symmetric.schedule, "constant");
  EXPECT_EQ(symmetric.init, "spectral");
  const auto last = [](const SenseOptions& parts, const std::string& name) {
    std::string value;
    for (const auto& [key, text] : parts.settings) value = key == name ? text : value;
    return value;
  };
  EXPECT_EQ(last(symmetric, "schedule.step"), "0.25");
  EXPECT_EQ(last(general, "schedule.step"), "0.5");
  options.settings = {{"schedule.step", "0.125"}};
  EXPECT_EQ(last(options.with_parts(true), "schedule.step"), "0.125");
  EXPECT_EQ(last(options.with_parts(false), "schedule.step"), "0.125");
  options.settings = {};
  options.schedule = "diminishing";  // another than the companion: its own defaults
  EXPECT_EQ(last(options.with_parts(true), "schedule.step"), "");
  EXPECT_EQ(last(options.with_parts(false), "schedule.step"), "0.2");
  options.method = "perturbed-gd";
  EXPECT_EQ(last(options.with_parts(true), "method.seed"), "7");
  options.method = "alternating-gauss-newton";
  EXPECT_EQ(options.with_parts(true).model, "factor-pair");
}

}  // namespace
}  // namespace gossan
