#include "gossan/run.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "gossan/observers.hpp"

namespace gossan {
namespace {

// x <- x / 2 from 1; what happens at chosen steps is scripted.
class Halving final : public Iteration {
 public:
  std::function<void(Iterate&, Params&)> script = [](Iterate&, Params&) {};

  Iterate step() override {
    Iterate now{.k = ++k_, .f = theta_[0].value(0, 0), .gradient_norm = 1, .step = 0.5, .change = 0.5};
    theta_[0].value *= 0.5;
    script(now, theta_);
    now.theta = &theta_;
    return now;
  }
  Params state() const override { return theta_; }
  void restore(const Params& state) override { theta_ = state; }

 private:
  Params theta_{{"x", Matrix::Constant(1, 1, 1)}};
  Index k_ = 0;
};

double x_of(const Result& result) { return result.theta[0].value(0, 0); }

TEST(Run, StopsAtTheIterationLimit) {
  Halving halving;
  const Result result = run(halving, {.max_iterations = 5});
  EXPECT_EQ(result.status, Status::iteration_limit);
  EXPECT_EQ(result.iterations, 5);
  EXPECT_EQ(x_of(result), 1.0 / 32);
  EXPECT_EQ(result.f, 1.0 / 16);
  EXPECT_NE(result.message.find("5 iterations"), std::string::npos) << result.message;
}

TEST(Run, StepsTakenBeforeCount) {
  Halving halving;
  const Result result = run(halving, {.max_iterations = 5, .taken = 3});
  EXPECT_EQ(result.iterations, 5);
  EXPECT_EQ(x_of(result), 1.0 / 4);
  EXPECT_EQ(run(halving, {.max_iterations = 5, .taken = 9}).status, Status::iteration_limit);
  EXPECT_THROW(run(halving, {.taken = -1}), std::invalid_argument);
}

TEST(Run, NoIterationsLeaveTheState) {
  Halving halving;
  const Result result = run(halving, {.max_iterations = 0});
  EXPECT_EQ(result.status, Status::iteration_limit);
  EXPECT_EQ(result.iterations, 0);
  EXPECT_EQ(x_of(result), 1);
}

TEST(Run, ConvergesOnChangeOnlyWhenAsked) {
  Halving shrinking;
  shrinking.script = [](Iterate& now, Params&) { now.change = std::pow(0.5, now.k); };
  EXPECT_EQ(run(shrinking, {.max_iterations = 20, .change = 0.01}).iterations, 7);
  Halving still;
  still.script = [](Iterate& now, Params&) { now.change = 0; };
  EXPECT_EQ(run(still, {.max_iterations = 20}).status, Status::iteration_limit);
}

TEST(Run, ConvergesOnTheGradient) {
  Halving halving;
  halving.script = [](Iterate& now, Params&) { now.gradient_norm = std::pow(0.5, now.k); };
  const Result result = run(halving, {.max_iterations = 20, .gradient_norm = 0.125});
  EXPECT_EQ(result.status, Status::converged);
  EXPECT_EQ(result.iterations, 3);

  Halving vanishing;
  vanishing.script = [](Iterate& now, Params&) {
    now.gradient_norm = now.k == 4 || now.k == 7 ? 0 : 1;
    if (now.k == 7) now.change = 0;
  };
  EXPECT_EQ(run(vanishing, {.max_iterations = 20}).iterations, 7);  // at 4 it still moves, as by momentum or at random
}

TEST(Run, AnIterationWithoutAGradientDoesNotConvergeByIt) {
  Halving halving;
  halving.script = [](Iterate& now, Params&) { now.gradient_norm = Iterate().gradient_norm; };
  EXPECT_EQ(run(halving, {.max_iterations = 6, .gradient_norm = 1}).status, Status::iteration_limit);
}

TEST(Run, DivergenceKeepsTheLastFiniteAnswer) {
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()};
  for (const double value : bad) {
    Halving in_f, in_theta;
    in_f.script = [value](Iterate& now, Params&) { now.f = now.k == 3 ? value : now.f; };
    in_theta.script = [value](Iterate& now, Params& theta) { theta[0].value(0, 0) *= now.k == 3 ? value : 1; };
    for (Halving* each : {&in_f, &in_theta}) {
      Index seen = 0;
      const std::vector<Observer> observers{[&seen](const Iterate&) -> std::optional<Status> {
        ++seen;
        return std::nullopt;
      }};
      const Result result = run(*each, {.max_iterations = 10}, observers);
      EXPECT_EQ(result.status, Status::diverged);
      EXPECT_EQ(result.iterations, 3);
      EXPECT_EQ(x_of(result), 0.25);
      EXPECT_EQ(result.f, 0.5);
      EXPECT_EQ(seen, 2);
    }
  }
}

TEST(Run, ObserversSeeEveryStepAndTheFirstWishWins) {
  Halving halving;
  std::vector<Index> seen;
  const std::vector<Observer> observers{
      [&seen](const Iterate& at) -> std::optional<Status> {
        seen.push_back(at.k);
        EXPECT_EQ((*at.theta)[0].value(0, 0), std::pow(0.5, at.k));
        return std::nullopt;
      },
      [](const Iterate& at) -> std::optional<Status> { return at.k == 3 ? std::optional(Status::time_limit) : std::nullopt; },
      [](const Iterate& at) -> std::optional<Status> { return at.k == 3 ? std::optional(Status::interrupted) : std::nullopt; },
  };
  const Result result = run(halving, {.max_iterations = 10}, observers);
  EXPECT_EQ(result.status, Status::time_limit);
  EXPECT_EQ(seen, (std::vector<Index>{1, 2, 3}));
}

TEST(Run, BadLimitsAreRefused) {
  Halving halving;
  EXPECT_THROW(run(halving, {.max_iterations = -1}), std::invalid_argument);
  EXPECT_THROW(run(halving, {.change = -1}), std::invalid_argument);
  EXPECT_THROW(run(halving, {.gradient_norm = std::numeric_limits<double>::quiet_NaN()}), std::invalid_argument);
}

TEST(Observers, RecordKeepsTheFirstAndEveryFifth) {
  Halving halving;
  History history;
  const std::vector<Observer> observers{record(history, "phase", 5)};
  run(halving, {.max_iterations = 11}, observers);
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history[0].k, 1);
  EXPECT_EQ(history[1].k, 5);
  EXPECT_EQ(history[2].k, 10);
  EXPECT_EQ(history[1].phase, "phase");
  EXPECT_EQ(history[1].f, std::pow(0.5, 4));
  EXPECT_GE(history[2].seconds, history[0].seconds);
  EXPECT_THROW(record(history, "phase", 0), std::invalid_argument);
}

TEST(Observers, UntilEndsAfterTheDeadline) {
  const auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(until(now)(Iterate()), Status::time_limit);
  EXPECT_EQ(until(now + std::chrono::hours(1))(Iterate()), std::nullopt);
}

TEST(Observers, InterruptibleEndsOnceTheFlagIsSet) {
  std::atomic<bool> flag = false;
  const Observer observer = interruptible(flag);
  EXPECT_EQ(observer(Iterate()), std::nullopt);
  flag = true;
  EXPECT_EQ(observer(Iterate()), Status::interrupted);
}

TEST(Status, Names) {
  EXPECT_EQ(to_string(Status::converged), "converged");
  EXPECT_EQ(to_string(Status::iteration_limit), "iteration_limit");
  EXPECT_EQ(to_string(Status::time_limit), "time_limit");
  EXPECT_EQ(to_string(Status::interrupted), "interrupted");
  EXPECT_EQ(to_string(Status::diverged), "diverged");
}

}  // namespace
}  // namespace gossan
