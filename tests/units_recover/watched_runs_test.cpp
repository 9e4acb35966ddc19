// Every recovery's runs are watched alike; checkpoints are refused where none are written.
#include "recover/shared/watched_runs.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "gossan/apply.hpp"
#include "gossan/locate.hpp"
#include "gossan/rpca.hpp"

namespace gossan {
namespace {

// Halves a number; leaves the finite ones at step `breaks`.
class Halving final : public Iteration {
 public:
  explicit Halving(Index breaks = -1) : theta_{{"x", Matrix::Constant(1, 1, 1.0)}}, breaks_(breaks) {}
  Iterate step() override {
    double& x = theta_.front().value(0, 0);
    x /= 2;
    Iterate at{.k = ++k_, .f = x, .step = 1, .change = 1};
    if (k_ == breaks_) at.f = x = std::numeric_limits<double>::quiet_NaN();
    at.theta = &theta_;
    return at;
  }
  Params state() const override { return theta_; }
  void restore(const Params& state) override { theta_ = state; }

 private:
  Params theta_;
  Index breaks_, k_ = 0;
};

class Runs : public WatchedRuns {
 public:
  using WatchedRuns::WatchedRuns;
  Result drive(Iteration& iteration, const std::string& phase, Index most) {
    Result result = note(run(iteration, {.max_iterations = most}, observers(phase)));
    advance(phase);
    return result;
  }
};

TEST(WatchedRuns, KeepOneHistoryAndAProgressThatNeverFalls) {
  History history;
  std::vector<double> told;
  Watch watch;
  watch.progress = [&](std::string_view, double fraction) { told.push_back(fraction); };
  Runs runs(watch, history, 0.5);
  for (const std::string phase : {"one", "two"}) {
    Halving iteration;
    runs.drive(iteration, phase, 3);
  }
  ASSERT_EQ(history.size(), 6u);
  EXPECT_EQ(history.front().phase, "one");
  EXPECT_EQ(history.back().phase, "two");
  EXPECT_EQ(history.back().f, 0.125);
  EXPECT_EQ(told, (std::vector<double>{0.5, 0.75}));
  EXPECT_FALSE(runs.stopped());
}

TEST(WatchedRuns, TellWhatTheCallersObserversWished) {
  History history;
  Watch watch;
  bool enough = false;
  watch.observers.emplace_back([&](const Iterate&) { return enough ? std::optional(Status::time_limit) : std::nullopt; });
  Runs runs(watch, history, 0.5);
  EXPECT_FALSE(runs.poll());
  enough = true;
  Halving iteration;
  EXPECT_EQ(runs.drive(iteration, "one", 10).iterations, 1);
  EXPECT_TRUE(runs.stopped());
  EXPECT_EQ(runs.status(), Status::time_limit);
  EXPECT_TRUE(runs.poll());
}

TEST(WatchedRuns, ADivergedRunIsNoWishOfTheCaller) {
  History history;
  const Watch watch;
  Runs runs(watch, history, 0.5);
  Halving iteration(2);
  EXPECT_EQ(runs.drive(iteration, "one", 10).status, Status::diverged);
  EXPECT_FALSE(runs.stopped());
}

TEST(Checkpoints, AreRefusedWhereNoneAreWritten) {
  Watch watch;
  watch.checkpoint.file = "nowhere.npz";
  const Matrix Y = Matrix::Ones(4, 4);
  EXPECT_THROW(rpca(Y, {}, watch), std::invalid_argument);
  EXPECT_THROW(rank_path(table_of(Y), {}, watch), std::invalid_argument);
  EXPECT_THROW(locate({3, {0, 0, 1}, {1, 2, 2}, {1, 1, 1}}, {}, watch), std::invalid_argument);
  const LowRankModel model{.V = Matrix::Ones(4, 1), .moments = Matrix::Ones(4, 1), .col_unit = Vector::Ones(4)};
  EXPECT_THROW(apply(model, table_of(Y), watch), std::invalid_argument);
  EXPECT_THROW(apply(EntryModel(), Ratings{2, 2, {0}, {1}, {1.0}}, watch), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
