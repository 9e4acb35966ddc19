// Runs iterations on behalf of the recovery: the caller's observers on every run, one history, progress, and why it was ended
// from outside.
#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "run/ask.hpp"

namespace gossan::robust_pca {

class Course {
 public:
  Course(const Watch& watch, History& history) : watch_(watch), history_(history) {}

  // Until the iteration says that it is done, or most steps are taken.
  Result drive(Iteration& iteration, const std::string& phase, Index most, const std::function<bool()>& done) {
    std::vector<Observer> observers = watch_.observers;
    observers.push_back(record(history_, phase));
    observers.emplace_back([&done](const Iterate&) { return done() ? std::optional(Status::converged) : std::nullopt; });
    Result result = run(iteration, {.max_iterations = most}, observers);
    if (cut_off(result.status)) status_ = result.status;
    if (result.status == Status::diverged) iteration.restore(result.theta);  // the last that was finite
    // How many runs there will be is not known beforehand: each one covers a share of the way that is left.
    tell(phase, fraction_ + 0.2 * (1 - fraction_));
    return result;
  }
  // Asks the caller's observers in work that is no run. True when it is to end.
  bool poll() {
    const auto wish = ask(watch_.observers);
    if (wish && !stopped()) status_ = *wish;
    return stopped();
  }
  void tell(const std::string& phase, double fraction) {
    fraction_ = std::max(fraction_, fraction);
    if (watch_.progress) watch_.progress(phase, fraction_);
  }
  void fail() { status_ = Status::diverged; }
  bool stopped() const { return status_ != Status::converged; }
  Status status() const { return status_; }
  Index sweeps = 0;  // passes over the table

 private:
  const Watch& watch_;
  History& history_;
  Status status_ = Status::converged;
  double fraction_ = 0;
};

}  // namespace gossan::robust_pca
