// What all runs of one recovery share: their watchers, their history, and the steps that they may take together.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "recover/shared/watched_runs.hpp"
#include "run/ask.hpp"

namespace gossan::sensing {

class RunLog {
 public:
  // All must outlive it.
  RunLog(Index most_steps, History& history, const Watch& watch) : most_steps_(most_steps), history_(history), watch_(watch) {}

  std::vector<Observer> observers_of(const std::string& phase) {
    std::vector<Observer> observers = watching(watch_, history_, phase);
    observers.emplace_back([this, phase](const Iterate&) -> std::optional<Status> {
      ++steps_;
      // Of unknown length: the bar comes ever closer to its end.
      if (watch_.progress) watch_.progress(phase, 1 - std::exp(-static_cast<double>(steps_) / 100.0));
      return spent() ? std::optional(Status::iteration_limit) : std::nullopt;
    });
    return observers;
  }

  Index steps() const { return steps_; }
  bool spent() const { return steps_ >= most_steps_; }
  // The end of a run that its watchers did not want to go on.
  bool stopped(Status status) const { return cut_off(status) || spent(); }

 private:
  Index most_steps_;
  History& history_;
  const Watch& watch_;
  Index steps_ = 0;
};

}  // namespace gossan::sensing
