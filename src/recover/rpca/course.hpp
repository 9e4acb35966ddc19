// The runs of robust PCA: until an iteration says that it is done.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "recover/shared/watched_runs.hpp"

namespace gossan::robust_pca {

class Course : public WatchedRuns {
 public:
  Course(const Watch& watch, History& history) : WatchedRuns(watch, history, 0.2) {}

  // Until the iteration says that it is done, or most steps are taken.
  Result drive(Iteration& iteration, const std::string& phase, Index most, const std::function<bool()>& done) {
    std::vector<Observer> all = observers(phase);
    all.emplace_back([&done](const Iterate&) { return done() ? std::optional(Status::converged) : std::nullopt; });
    Result result = note(run(iteration, {.max_iterations = most}, all));
    if (result.status == Status::diverged) iteration.restore(result.theta);  // the last that was finite
    advance(phase);
    return result;
  }
  void fail() { end(Status::diverged); }
  Index sweeps = 0;  // passes over the table
};

}  // namespace gossan::robust_pca
