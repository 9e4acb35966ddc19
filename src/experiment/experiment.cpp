#include "gossan/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>

#include "experiment/phase.hpp"
#include "experiment/problem.hpp"
#include "gossan/probe.hpp"
#include "gossan/random.hpp"
#include "gossan/trajectory.hpp"
#include "recover/sense/parts.hpp"
#include "run/side_by_side.hpp"

namespace gossan {
namespace {

constexpr double recovered = 1e-3;  // relative error
constexpr Index most_steps_kept = 500;

std::uint64_t trial_seed(std::uint64_t seed, Index trial) { return Random(seed, 151).bits(trial)[0]; }

void probe_truth(const experiments::Problem& problem, Index columns, std::uint64_t seed, Trial& trial) {
  ProbeOptions options;
  options.seed = seed;
  const Probe probed = probe(*problem.A, problem.y, factored(problem.X, columns), &problem.X, options);
  trial.strict_saddle = probed.verdict == "strict saddle";
  if (!probed.direction) return;
  trial.slope = probed.direction->slope;
  trial.descends = probed.direction->descends();
}

Trial run_trial(const experiments::Setup& setup, std::uint64_t seed, const std::vector<Observer>& observers) {
  const experiments::Problem problem = experiments::make_problem(setup, seed);
  Trial trial;
  trial.minimax = problem.minimax;
  SenseOptions how = setup.run;
  how.seed = seed;
  const Index every = std::max<Index>(1, how.max_iterations / most_steps_kept);
  Watch watch{.observers = observers, .progress = {}};
  if (how.schedule == "oracle") watch.truth = &problem.X;
  const bool has_course = !how.tuning_free();
  std::unique_ptr<Model> model;  // made when the run has begun: its settings were checked then
  std::optional<experiments::PhaseWatch> phase;
  if (setup.phase) phase.emplace(*setup.phase, problem.X);
  watch.observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    if (!has_course || at.theta == nullptr || (at.k != 1 && at.k % every != 0)) return std::nullopt;
    if (!model) model = sensing::make_model(*problem.A, how.with_parts(problem.X.rows() == problem.X.cols()));
    const Factors X = model->factors(*at.theta);
    trial.course.k.push_back(at.k);
    trial.course.error.push_back((X.L * X.R.transpose() - problem.X).norm());
    trial.course.loss.push_back(at.f);
    if (phase) phase->see(at.k, X, trial);
    return std::nullopt;
  });

  const auto start = std::chrono::steady_clock::now();
  const Sensed sensed = sense(*problem.A, problem.y, how, watch);
  trial.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const Matrix X = sensed.L * (sensed.symmetric ? sensed.L : sensed.R).transpose();
  trial.error = (X - problem.X).norm();
  trial.relative_error = trial.error / problem.X.norm();
  trial.loss = sensed.result.f;
  trial.rank = sensed.rank;
  trial.singular_values = sensed.singular_values.head(std::min(sensed.search_rank, sensed.singular_values.size()));
  trial.effective_rank = effective_rank(trial.singular_values);
  trial.iterations = sensed.result.iterations;
  trial.sweeps = sensed.sweeps;
  trial.success = trial.relative_error < recovered;
  trial.trusted = sensed.evidence.verdict == Verdict::trusted;
  if (setup.probe_columns > 0) probe_truth(problem, setup.probe_columns, seed, trial);
  return trial;
}

// All trials of all cells, each a run of its own.
class Grid {
 public:
  Grid(const Experiment& experiment, const Watch& watch) : experiment_(experiment), watch_(watch) {
    for (std::size_t s = 0; s < experiment.series.size(); ++s) {
      for (std::size_t p = 0; p < experiment.points.size(); ++p) {
        setups_.push_back(
            experiments::read_settings({&experiment.settings, &experiment.series[s].settings, &experiment.points[p].settings}));
        cells_.push_back({s, p, std::vector<Trial>(static_cast<std::size_t>(experiment.trials))});
        left_.push_back(experiment.trials);
      }
    }
  }

  Experimented run() {
    const auto all = static_cast<Index>(cells_.size()) * experiment_.trials;
    const std::optional<Status> stopped =
        side_by_side(all, [&](Index at) { return run_one(at / experiment_.trials, at % experiment_.trials, all); });
    Experimented done;
    done.status = stopped.value_or(Status::converged);
    for (std::size_t c = 0; c < cells_.size(); ++c) {
      if (left_[c] == 0) done.cells.push_back(std::move(cells_[c]));
    }
    return done;
  }

 private:
  // A status where an observer ended the run, whose trial then counts for nothing.
  std::optional<Status> run_one(Index c, Index t, Index all) {
    const auto cell = static_cast<std::size_t>(c);
    std::optional<Status> ended;
    std::vector<Observer> observers;
    for (const Observer& observer : watch_.observers) {
      observers.emplace_back([&](const Iterate& at) {
        auto wish = observer(at);
        if (wish) ended = wish;
        return wish;
      });
    }
    Trial trial = run_trial(setups_[cell], trial_seed(experiment_.seed, t), observers);
    if (ended) return ended;
    const std::lock_guard lock(mutex_);
    cells_[cell].trials[static_cast<std::size_t>(t)] = std::move(trial);
    --left_[cell];
    ++done_;
    if (watch_.progress) watch_.progress("runs", static_cast<double>(done_) / static_cast<double>(all));
    return std::nullopt;
  }

  const Experiment& experiment_;
  const Watch& watch_;
  std::vector<experiments::Setup> setups_;
  std::vector<Cell> cells_;
  std::vector<Index> left_;  // trials of each cell that are still to run
  Index done_ = 0;
  std::mutex mutex_;
};

}  // namespace

Experimented run_experiment(const Experiment& experiment, const Watch& watch) {
  if (experiment.trials < 1)
    throw std::invalid_argument(fmt::format("experiment: trials is {}, expected at least 1", experiment.trials));
  if (experiment.series.empty() || experiment.points.empty())
    throw std::invalid_argument("experiment: has no line or no place along it, expected at least one of each");
  return Grid(experiment, watch).run();
}

}  // namespace gossan
