#include "gossan/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <optional>
#include <stdexcept>

#include "generate/low_rank.hpp"
#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "plan/search.hpp"
#include "plan/trial.hpp"
#include "run/ask.hpp"
#include "run/side_by_side.hpp"

namespace gossan {
namespace {

constexpr double widest = 2;  // upper end of a trusted interval over its lower end

void check_rank(const PlanOptions& options) {
  const Index most = options.cols == 0 ? options.rows : std::min(options.rows, options.cols);
  if (options.rank <= most) return;
  throw std::invalid_argument(
      fmt::format("option 'rank' of plan: value '{}' must be <= the smaller of rows and cols, {}", options.rank, most));
}

// Trials side by side, a thread each.
class Simulation {
 public:
  Simulation(const PlanOptions& options, const Watch& watch) : options_(options), watch_(watch) {
    inner_.observers = watch.observers;
  }

  std::vector<planning::Outcome> operator()(Index n, Index first, Index last) {
    std::vector<planning::Outcome> outcomes(static_cast<std::size_t>(last - first));
    stopped_ = side_by_side(last - first, [&](Index k) -> std::optional<Status> {
      planning::Outcome& outcome = outcomes[static_cast<std::size_t>(k)];
      outcome = planning::attempt(options_, n, first + k, inner_);
      if (cut_off(outcome.status)) return outcome.status;
      note(n);
      return std::nullopt;
    });
    if (stopped_) outcomes.clear();
    return outcomes;
  }

  Status status() const { return stopped_.value_or(Status::converged); }

 private:
  void note(Index n) {
    const std::lock_guard lock(mutex_);
    ++done_;
    constexpr double usual = 8;  // points; of unknown number: the bar comes ever closer to its end
    const double points = static_cast<double>(done_) / static_cast<double>(options_.trials);
    if (watch_.progress) watch_.progress(fmt::format("n = {}", n), 1 - std::exp(-points / usual));
  }

  PlanOptions options_;
  const Watch& watch_;
  Watch inner_;  // of every trial: no progress
  std::mutex mutex_;
  std::optional<Status> stopped_;
  Index done_ = 0;
};

planning::SearchLimits limits_of(const PlanOptions& options, Index unknowns) {
  constexpr double most = 64;
  const auto d = static_cast<double>(unknowns);
  planning::SearchLimits limits;
  limits.first = static_cast<Index>(std::ceil(d / (1 - options.corruption)));
  limits.most = static_cast<Index>(std::ceil(most * d / (1 - 2 * options.corruption)));
  limits.trials = options.trials;
  limits.share = options.success;
  return limits;
}

std::string message_of(const Plan& plan, bool reached, Index most) {
  const double percent = 100 * plan.curve.share;
  const bool whole = plan.status == Status::converged;
  if (reached) {
    const SuccessCurve& curve = plan.curve;
    return fmt::format("n = {:.0f} measurements ({:.3g} per unknown) for {:.4g} % success, 90 % interval {:.0f} to {:.0f}{}",
                       std::ceil(curve.measurements), curve.measurements / static_cast<double>(plan.unknowns), percent,
                       std::ceil(curve.lower), std::ceil(curve.upper), whole ? "" : "; stopped before the end");
  }
  if (!whole) return fmt::format("stopped before {:.4g} % success was reached", percent);
  return fmt::format("{:.4g} % success was not reached with {} measurements, the most that are tried; median error there {:.2g}",
                     percent, most, plan.points.back().median_error);
}

Evidence weigh(const Plan& plan, bool reached, Index most) {
  double best = 0;
  for (const PlanPoint& point : plan.points)
    best = std::max(best, static_cast<double>(point.successes) / static_cast<double>(point.trials));
  const double width = reached ? plan.curve.upper / plan.curve.lower : std::numeric_limits<double>::infinity();
  Evidence evidence;
  evidence.checks = {
      {"the success asked for is reached", best, (1 + plan.curve.share) / 2, reached,
       "The largest share of trials that succeeded at one number of measurements."},
      {"the interval is narrow", width, widest, width <= widest,
       "The upper end of the 90 % interval over its lower end; more trials narrow it."},
  };
  const bool trusted = plan.status == Status::converged && reached && width <= widest;
  evidence.verdict = trusted ? Verdict::trusted : reached ? Verdict::doubtful : Verdict::failed;
  evidence.message = message_of(plan, reached, most);
  return evidence;
}

}  // namespace

Fields PlanOptions::fields() {
  constexpr double most = 1e4;
  Fields list = generate::matrix_fields(rows, cols, rank, condition, most);
  const Fields own = {
      {.name = "corruption", .value = &corruption, .help = "share of wrong measurements", .least = 0, .most = 0.5, .below = true},
      {.name = "kind",
       .value = &kind,
       .help = "what wrong measurements look like",
       .choices = {"huge", "moderate", "sign-flip", "one-sided", "structured"}},
      {.name = "noise", .value = &noise, .help = "standard deviation of Gaussian noise, relative to the rms of A(X)", .least = 0},
      {.name = "success", .value = &success, .help = "share of instances to recover", .least = 0.5, .most = 1, .below = true},
      {.name = "trials", .value = &trials, .help = "simulated instances at every point", .least = 4, .most = 1e5},
      {.name = "ensemble", .value = &ensemble, .help = "of the measurement matrices", .choices = ensemble_names()},
      {.name = "generator", .value = &generator, .help = "of the ensemble's bits", .choices = {"philox", "ars"}},
      seed_field(&seed),
  };
  list.insert(list.end(), own.begin(), own.end());
  return list;
}

Plan plan_sensing(PlanOptions options, const Watch& watch) {
  check(options.fields(), "plan");
  check_rank(options);
  Plan plan;
  plan.unknowns = planning::degrees_of_freedom(options);
  const planning::SearchLimits limits = limits_of(options, plan.unknowns);
  Simulation simulation(options, watch);
  planning::Searched searched = planning::search(limits, simulation);
  plan.points = std::move(searched.points);
  plan.status = simulation.status();
  plan.curve.share = options.success;
  if (searched.reached) plan.curve = fit_success_curve(plan.points, options.success);
  plan.evidence = weigh(plan, searched.reached, limits.most);
  return plan;
}

}  // namespace gossan
