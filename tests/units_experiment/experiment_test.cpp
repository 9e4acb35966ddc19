#include "gossan/experiment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

Experiment small() {
  Experiment experiment;
  experiment.settings = {{"instance.rows", "6"},
                         {"instance.rank", "1"},
                         {"instance.measurements", "80"},
                         {"instance.corrupted", "0"},
                         {"run.model", "symmetric-factor"},
                         {"run.loss", "squared"},
                         {"run.schedule", "constant"},
                         {"run.schedule.step", "0.2"},
                         {"run.init.alpha", "1e-3"},
                         {"run.max_iterations", "300"}};
  experiment.series = {{"full", {}}, {"short", {{"run.max_iterations", "3"}}}};
  experiment.points = {{"80", {}}, {"20", {{"instance.measurements", "20"}}}};
  experiment.trials = 2;
  return experiment;
}

TEST(Experiment, RunsEveryLineAtEveryPlace) {
  const Experimented done = run_experiment(small());
  EXPECT_EQ(done.status, Status::converged);
  ASSERT_EQ(done.cells.size(), 4U);
  for (const Cell& cell : done.cells) {
    ASSERT_EQ(cell.trials.size(), 2U);
    for (const Trial& trial : cell.trials) {
      EXPECT_EQ(trial.iterations, cell.series == 0 ? 300 : 3);
      EXPECT_EQ(trial.success, trial.relative_error < 1e-3);
      EXPECT_NEAR(trial.error, trial.relative_error, 1e-12);  // the truth's only singular value is 1
    }
  }
  EXPECT_LT(quantity(done.cells[0], "error"), 1e-4);
  EXPECT_GT(quantity(done.cells[2], "error"), 0.9);
}

// Lines are compared on the same data, and trials are of different data.
TEST(Experiment, LinesShareTheirInstancesAndTrialsDoNot) {
  Experiment experiment = small();
  experiment.series = {{"one", {}}, {"the same", {{"run.rank", "6"}}}};
  const Experimented done = run_experiment(experiment);
  for (std::size_t p = 0; p < 2; ++p) {
    for (std::size_t t = 0; t < 2; ++t) EXPECT_EQ(done.cells[p].trials[t].error, done.cells[2 + p].trials[t].error);
  }
  EXPECT_NE(done.cells[0].trials[0].course.error, done.cells[0].trials[1].course.error);
  experiment.seed = 1;
  EXPECT_NE(run_experiment(experiment).cells[0].trials[0].course.error, done.cells[0].trials[0].course.error);
}

TEST(Experiment, SameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  const auto errors = [](int count) {
    set_threads(count);
    std::vector<double> all;
    for (const Cell& cell : run_experiment(small()).cells) {
      for (const Trial& trial : cell.trials) all.push_back(trial.error);
    }
    return all;
  };
  EXPECT_EQ(errors(1), errors(4));
}

TEST(Experiment, TheCourseEndsAtTheError) {
  for (const char* problem : {"sensing", "completion", "full"}) {
    Experiment experiment = small();
    experiment.points = {{}};
    experiment.series = {{}};
    if (std::string(problem) != "sensing") {
      std::erase_if(experiment.settings,
                    [](const auto& each) { return each.first == "instance.measurements" || each.first == "instance.corrupted"; });
    }
    experiment.settings.emplace_back("instance.problem", problem);
    const Trial trial = run_experiment(experiment).cells[0].trials[0];
    ASSERT_FALSE(trial.course.k.empty()) << problem;
    EXPECT_EQ(trial.course.k.back(), trial.iterations) << problem;
    EXPECT_NEAR(trial.course.error.back(), trial.error, 1e-12) << problem;
    EXPECT_NEAR(trial.course.error.front(), 1, 0.01) << problem;
  }
}

// A part chosen anew leaves the options of the one before behind; its own options count whatever their order.
TEST(Experiment, APartChosenAnewHasItsOwnOptions) {
  Experiment experiment = small();
  experiment.series = {{"other", {{"run.schedule.f_min", "0"}, {"run.schedule", "polyak"}}}};
  EXPECT_NO_THROW(run_experiment(experiment));
  experiment.series = {{"other", {{"run.schedule", "polyak"}}}};
  EXPECT_THROW(run_experiment(experiment), std::invalid_argument);  // polyak needs f_min
}

TEST(Experiment, TuningFreeRunsNameNoPart) {
  Experiment experiment;
  experiment.settings = {{"instance.rows", "8"}, {"instance.rank", "1"}, {"run.model", "symmetric-factor"}};
  const Trial trial = run_experiment(experiment).cells[0].trials[0];
  EXPECT_TRUE(trial.success && trial.trusted);
  EXPECT_EQ(trial.rank, 1);
  EXPECT_TRUE(trial.course.k.empty());
}

TEST(Experiment, NoiseHasAMinimaxRate) {
  Experiment experiment = small();
  experiment.settings.emplace_back("instance.noise", "0.1");
  const Trial trial = run_experiment(experiment).cells[0].trials[0];
  EXPECT_NEAR(trial.minimax, 0.1 * std::sqrt(6.0 / 80), 1e-12);
}

TEST(Experiment, AStopLeavesTheCellsThatAreWhole) {
  const ThreadsGuard guard;
  set_threads(1);
  std::atomic<int> steps = 0;
  Watch watch;
  watch.observers.emplace_back([&](const Iterate&) -> std::optional<Status> {
    if (++steps < 1000) return std::nullopt;
    return Status::interrupted;
  });
  const Experimented done = run_experiment(small(), watch);  // cells of 600, 600, 6 and 6 steps
  EXPECT_EQ(done.status, Status::interrupted);
  ASSERT_EQ(done.cells.size(), 1U);
  EXPECT_EQ(done.cells[0].trials.size(), 2U);
}

// All entries at once, with three factors that start as multiples of the identity: eigenvalues 2 and 1, and an error of norm 0.1.
Experiment deep() {
  Experiment experiment;
  experiment.settings = {{"instance.problem", "full"},    {"instance.rows", "6"},        {"instance.rank", "2"},
                         {"instance.spectrum", "2, 1"},   {"run.model", "deep-product"}, {"run.method", "gradient-descent"},
                         {"run.init", "scaled-identity"}, {"run.init.alpha", "0.1"},     {"run.schedule.step", "1"},
                         {"run.max_iterations", "20000"}, {"phase.beyond", "0.05"}};
  experiment.points = {{"exact", {}}, {"perturbed", {{"instance.perturbation", "0.1"}}}};
  return experiment;
}

TEST(Experiment, APerturbationEndsTheLowRankPhase) {
  const Experimented done = run_experiment(deep());
  const Trial &exact = done.cells[0].trials[0], &perturbed = done.cells[1].trials[0];
  EXPECT_TRUE(exact.success);
  EXPECT_GT(exact.phase.first, 0);
  EXPECT_EQ(exact.phase.last, 20000);
  EXPECT_LT(exact.phase.angle, 1e-9);
  EXPECT_LT(exact.effective_rank, 2);  // of 2 and 1: exp(log(3) - 2/3 log(2)) = 1.89
  EXPECT_GT(exact.effective_rank, 1.88);
  EXPECT_GT(perturbed.phase.first, 0);
  EXPECT_LT(perturbed.phase.last, 20000);
  EXPECT_NEAR(perturbed.singular_values(0), 2, 0.1);
  EXPECT_NEAR(perturbed.singular_values(1), 1, 0.1);
  EXPECT_GT(perturbed.singular_values(2), 0.05);
  EXPECT_GT(perturbed.phase.angle, 1e-3);
  EXPECT_LT(perturbed.phase.angle, 0.1 / (1 - 0.1));  // Davis and Kahan
  EXPECT_LT(quantity(done.cells[1], "least error"), perturbed.error);
}

TEST(Experiment, ThePhaseIsLookedForWhereItIsAskedFor) {
  Experiment experiment = deep();
  experiment.settings.pop_back();
  const Trial trial = run_experiment(experiment).cells[0].trials[0];
  EXPECT_EQ(trial.phase.first, 0);
  EXPECT_TRUE(trial.course.effective_rank.empty());
  for (const auto& [name, value] : {std::pair{"phase.learnt", "0"}, {"phase.above", "1"}, {"instance.perturbation", "-1"}}) {
    Experiment wrong = deep();
    wrong.settings.emplace_back(name, value);
    EXPECT_THROW(run_experiment(wrong), std::invalid_argument) << name;
  }
}

TEST(Experiment, BadExperimentsAreRefused) {
  const auto with = [](const char* name, const char* value) {
    Experiment experiment = small();
    experiment.settings.emplace_back(name, value);
    return experiment;
  };
  EXPECT_THROW(run_experiment(with("rank", "2")), std::invalid_argument);
  EXPECT_THROW(run_experiment(with("run.rnak", "2")), std::invalid_argument);
  EXPECT_THROW(run_experiment(with("run.rank", "7")), std::invalid_argument);
  EXPECT_THROW(run_experiment(with("instance.rank", "7")), std::invalid_argument);
  EXPECT_THROW(run_experiment(with("instance.colour", "red")), std::invalid_argument);
  EXPECT_THROW(run_experiment(with("instance.problem", "chess")), std::invalid_argument);
  Experiment experiment = small();
  experiment.trials = 0;
  EXPECT_THROW(run_experiment(experiment), std::invalid_argument);
  experiment = small();
  experiment.points.clear();
  EXPECT_THROW(run_experiment(experiment), std::invalid_argument);
}

}  // namespace
}  // namespace gossan
