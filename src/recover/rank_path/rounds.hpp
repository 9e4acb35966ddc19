// Runs sweeps on behalf of the recovery: the caller's observers on every run, one history, progress, and why it was ended.
#pragma once

#include <optional>
#include <string>

#include "gossan/recover.hpp"
#include "recover/rank_path/huber_sweeps.hpp"

namespace gossan::rank_paths {

class Rounds {
 public:
  Rounds(const Watch& watch, History& history) : watch_(watch), history_(history) {}

  // Until the scale falls by less than 2 % a sweep, after `least` of them, or `most` are done.
  void sweep(HuberSweeps& sweeps, const std::string& phase, Index least, Index most) {
    std::vector<Observer> observers = watch_.observers;
    observers.push_back(record(history_, phase));
    observers.emplace_back([&, least, taken = Index{0}](const Iterate&) mutable -> std::optional<Status> {
      ++steps_;
      ++taken;
      if (watch_.progress) watch_.progress(phase, 1 - 40.0 / (40.0 + static_cast<double>(steps_)));
      constexpr double at_rest = 0.98;
      return taken >= least && sweeps.fall() > at_rest ? std::optional(Status::converged) : std::nullopt;
    });
    const Result result = run(sweeps, {.max_iterations = most}, observers);
    if (result.status == Status::interrupted || result.status == Status::time_limit || result.status == Status::diverged)
      status_ = result.status;
  }
  bool stopped() const { return status_ != Status::converged; }
  Status status() const { return status_; }
  Index steps() const { return steps_; }

 private:
  const Watch& watch_;
  History& history_;
  Status status_ = Status::converged;
  Index steps_ = 0;
};

}  // namespace gossan::rank_paths
