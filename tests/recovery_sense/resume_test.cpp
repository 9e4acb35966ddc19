// A descent that was stopped and goes on from its checkpoint ends with the bits of one that never was.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "gossan/checkpoint.hpp"
#include "gossan/init.hpp"
#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/sense.hpp"
#include "gossan/watch.hpp"
#include "laws/operator_samples.hpp"
#include "sensing_problem.hpp"
#include "temporary_folder.hpp"

namespace gossan {
namespace {

class SenseResume : public testing::Test {
 protected:
  std::string file() const { return (folder_ / "checkpoint").string(); }

  static SenseOptions descent(Settings settings = {}) {
    SenseOptions options;
    options.method = "subgradient";
    options.max_iterations = 60;
    options.settings = std::move(settings);
    return options;
  }
  static Observer stop_after(Index k) {
    return [k](const Iterate& at) { return at.k == k ? std::optional(Status::interrupted) : std::nullopt; };
  }

  // Stopped after 7 and again after 23 steps, against a run in one go.
  void expect_same(const Operator& A, std::span<const double> y, const SenseOptions& options, const Matrix* truth = nullptr) {
    const Sensed straight = sense(A, y, options, {.truth = truth});
    std::filesystem::remove(file());
    for (const Index stop : {7, 23}) {
      Watch watch{.observers = {stop_after(stop)}, .truth = truth, .checkpoint = {.file = file(), .every = 1e9, .resume = true}};
      EXPECT_EQ(sense(A, y, options, watch).result.status, Status::interrupted);
    }
    Watch watch{.truth = truth, .checkpoint = {.file = file(), .every = 1e9, .resume = true}};
    const Sensed resumed = sense(A, y, options, watch);
    EXPECT_EQ(resumed.L, straight.L);
    EXPECT_EQ(resumed.R, straight.R);
    EXPECT_EQ(resumed.result.f, straight.result.f);
    EXPECT_EQ(resumed.sweeps, straight.sweeps);
    EXPECT_EQ(resumed.result.status, straight.result.status);
    EXPECT_EQ(resumed.result.message, straight.result.message);
    EXPECT_EQ(resumed.trajectory.emergence, straight.trajectory.emergence);
    EXPECT_EQ(resumed.trajectory.trace.rows, straight.trajectory.trace.rows);
    ASSERT_EQ(resumed.history.size(), straight.history.size());
    for (std::size_t n = 0; n < straight.history.size(); ++n) {
      const HistoryRow &a = resumed.history[n], &b = straight.history[n];
      EXPECT_TRUE(a.phase == b.phase && a.k == b.k && a.f == b.f && a.gradient_norm == b.gradient_norm && a.step == b.step &&
                  a.change == b.change)
          << n;
      EXPECT_LE(n > 0 ? resumed.history[n - 1].seconds : 0, a.seconds);
    }
  }

  TemporaryFolder folder_;
};

TEST_F(SenseResume, SameBitsWithEveryOperator) {
  for (const OperatorSample& each : operator_samples()) {
    SCOPED_TRACE(each.name);
    const auto A = each.sample(3);
    const Matrix X = normal_matrix(A->rows(), 1, Random(1, 1)) * normal_matrix(A->cols(), 1, Random(1, 2)).transpose();
    std::vector<double> y(static_cast<std::size_t>(A->measurements()));
    predict(*A, X, Matrix::Identity(A->cols(), A->cols()), y);
    y[0] += 5;
    expect_same(*A, y, descent({{"init.alpha", "0.1"}}));
  }
}

TEST_F(SenseResume, SameBitsWithEveryMethodScheduleLossAndStart) {
  const SensingProblem problem({.rows = 6, .rank = 2, .measurements = 120});
  std::vector<SenseOptions> all;
  for (const auto& row : methods()) all.emplace_back(descent()).method = row.name;
  for (const auto& row : losses()) all.emplace_back(descent()).loss = row.name;
  for (const auto& row : initialisations()) all.emplace_back(descent()).init = row.name;
  for (const auto& row : models()) all.emplace_back(descent()).model = row.name;
  for (const auto& row : schedules()) all.emplace_back(descent()).schedule = row.name;
  for (SenseOptions& options : all) {
    const SenseOptions parts = options.with_parts(true);
    SCOPED_TRACE(parts.model + ' ' + parts.loss + ' ' + parts.method + ' ' + parts.schedule + ' ' + parts.init);
    options.rank = 2;
    if (parts.schedule == "polyak") options.settings.emplace_back("schedule.f_min", "0");
    if (parts.init == "truncated-spectral") options.settings.emplace_back("init.keep", "0.9");
    options.settings.emplace_back("init.alpha", "0.1");
    expect_same(*problem.A, problem.truth.y, options, &problem.truth.X);
  }
}

TEST_F(SenseResume, SameBitsAfterSinglePrecisionWasLeft) {
  const GeneratedSensing truth = generate_sensing({.rows = 6, .rank = 1, .measurements = 200, .corrupted = 0});
  const auto A = dense(rows_of(truth.A), 200, 6, 6, {.rough_copy = Storage::f32});
  for (const char* step : {"1e-4", "0.5"}) {  // the first step is short enough for doubles at once, then never again; and never
    const SenseOptions options = descent({{"schedule.step", step}, {"init.alpha", "1"}, {"schedule.ratio", "0.8"}});
    expect_same(*A, truth.y, options);
  }
}

TEST_F(SenseResume, FollowsTheMovingSubspaceOn) {
  const Matrix B = normal_matrix(9, 2, Random(4, 1));
  const Matrix X = B * B.transpose();
  const auto A = full(9, 9);
  const std::vector<double> y(X.data(), X.data() + X.size());
  SenseOptions options = descent({{"schedule.step", "1"}, {"init.alpha", "0.1"}});
  options.loss = "squared";
  options.schedule = "constant";
  expect_same(*A, y, options, &X);
}

TEST_F(SenseResume, ARunThatEndedEndsAgain) {
  const SensingProblem problem({.rows = 5, .rank = 1, .measurements = 60});
  Watch watch{.checkpoint = {.file = file(), .every = 0, .resume = true}};
  const Sensed first = sense(*problem.A, problem.truth.y, descent(), watch);
  const Sensed again = sense(*problem.A, problem.truth.y, descent(), watch);
  EXPECT_EQ(again.L, first.L);
  EXPECT_EQ(again.result.f, first.result.f);
  EXPECT_EQ(again.result.iterations, 60);
  EXPECT_EQ(again.sweeps, first.sweeps);
  EXPECT_EQ(again.evidence.message, first.evidence.message);
}

class SenseResumeRefusal : public SenseResume {
 protected:
  std::string refusal(std::span<const double> y, const SenseOptions& options, bool resume = true) {
    try {
      sense(*problem.A, y, options, {.checkpoint = {.file = file(), .every = 0, .resume = resume}});
    } catch (const BadFile& error) {
      return error.what();
    }
    return "";
  }
  SensingProblem problem{{.rows = 5, .rank = 1, .measurements = 60}};
};

TEST_F(SenseResumeRefusal, OfAnotherProblem) {
  std::vector<double> y = problem.truth.y;
  EXPECT_EQ(refusal(y, descent()), "");
  const std::string before = read_text(file());
  SenseOptions other = descent({{"schedule.step", "0.4"}});
  EXPECT_NE(refusal(y, other).find("'schedule.step' was '0.5', is '0.4'"), std::string::npos) << refusal(y, other);
  other = descent();
  other.max_iterations = 61;
  EXPECT_NE(refusal(y, other).find("max_iterations"), std::string::npos);
  y[59] = std::nextafter(y[59], 1e9);
  EXPECT_NE(refusal(y, descent()).find("measured values"), std::string::npos);
  EXPECT_EQ(read_text(file()), before) << "a checkpoint that was refused stays";
  const GeneratedSensing another = generate_sensing({.rows = 5, .rank = 1, .measurements = 60, .seed = 9});
  const auto B = dense(another.A, 5, 5);
  EXPECT_THROW(sense(*B, problem.truth.y, descent(), {.checkpoint = {.file = file(), .resume = true}}), BadFile);
}

TEST_F(SenseResumeRefusal, OfWhatIsNoCheckpoint) {
  write_text(file(), "i,j\n");
  for (const bool resume : {true, false}) EXPECT_NE(refusal(problem.truth.y, descent(), resume), "");
  EXPECT_EQ(read_text(file()), "i,j\n");
}

TEST_F(SenseResumeRefusal, OfNumbersThatNoRunWrites) {
  ASSERT_EQ(refusal(problem.truth.y, descent()), "");
  const Checkpoint good = read_checkpoint(file());
  const double nan = std::nan("");
  const auto bad = [&](const std::string& block, const std::function<void(Matrix&)>& change) {
    Checkpoint changed = good;
    for (Block& each : changed.state) {
      if (each.name == block) change(each.value);
    }
    write_checkpoint(file(), changed);
    EXPECT_NE(refusal(problem.truth.y, descent()), "") << block;
  };
  for (const double steps : {nan, -1.0, 0.5, 1e300}) {
    bad("numbers", [&](Matrix& value) { value(0, 0) = steps; });
    bad("numbers", [&](Matrix& value) { value(0, 4) = steps; });
    bad("k", [&](Matrix& value) { value(0, 0) = steps; });
    bad("history", [&](Matrix& value) { value(0, 0) = steps; });
  }
  bad("U", [&](Matrix& value) { value(1, 1) = nan; });
  bad("U", [&](Matrix& value) { value = Matrix::Ones(5, 4); });
  bad("trace", [&](Matrix& value) { value = Matrix::Ones(60, 2); });
  bad("history", [&](Matrix& value) { value = Matrix::Ones(3, 6); });
  Checkpoint more = good;
  more.state.push_back({"V", Matrix::Ones(1, 1)});
  write_checkpoint(file(), more);
  EXPECT_NE(refusal(problem.truth.y, descent()), "");
  write_checkpoint(file(), good);
  EXPECT_EQ(refusal(problem.truth.y, descent()), "");
}

TEST_F(SenseResume, AFileThatCannotBeWrittenIsSaidAtOnce) {
  const SensingProblem problem({.rows = 5, .rank = 1, .measurements = 60});
  EXPECT_THROW(sense(*problem.A, problem.truth.y, {}, {.checkpoint = {.file = file() + "/no/folder"}}), std::invalid_argument);
  EXPECT_THROW(sense(*problem.A, problem.truth.y, descent(), {.checkpoint = {.file = file() + "/no/folder"}}),
               std::invalid_argument);
}

// A saving that fails on the way is no reason to lose the run.
TEST_F(SenseResume, AFolderThatGoesAwayIsAWarning) {
  const SensingProblem problem({.rows = 6, .rank = 2, .measurements = 120});
  const auto gone = folder_ / "gone";
  std::filesystem::create_directory(gone);
  Watch watch{.checkpoint = {.file = gone / "run.npz", .every = 0}};
  watch.observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    if (at.k == 3) std::filesystem::remove_all(gone);
    return std::nullopt;
  });
  const Sensed answer = sense(*problem.A, problem.truth.y, descent(), watch);
  EXPECT_EQ(answer.L, sense(*problem.A, problem.truth.y, descent()).L);
  ASSERT_FALSE(answer.trajectory.warnings.empty());
  EXPECT_NE(answer.trajectory.warnings.back().find("checkpoint not written"), std::string::npos);
}

// What watching asks of the data is no part of the run.
TEST_F(SenseResume, WatchingCostsNoSweeps) {
  const SensingProblem problem({.rows = 6, .rank = 2, .measurements = 120});
  SenseOptions options = descent();
  options.loss = "squared";
  const Sensed alone = sense(*problem.A, problem.truth.y, options);
  const Sensed watched = sense(*problem.A, problem.truth.y, options, {.truth = &problem.truth.X, .checkpoint = {.file = file()}});
  EXPECT_GT(watched.trajectory.trace.panels.size(), alone.trajectory.trace.panels.size());
  EXPECT_EQ(watched.sweeps, alone.sweeps);
}

}  // namespace
}  // namespace gossan
