// Runs iterations on behalf of the recovery: the caller's observers on every run, one history, progress, and why a run was ended
// from outside.
#pragma once

#include <algorithm>
#include <string>

#include "gossan/objectives.hpp"
#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "run/ask.hpp"

namespace gossan::locating {

class Driver {
 public:
  Driver(const Watch& watch, History& history) : watch_(watch), history_(history) {}

  Result drive(Iteration& iteration, const std::string& phase, const Stop& stop) {
    Result result = note(run(iteration, stop, observers(phase)));
    // How many runs the search takes is not known beforehand: each one covers a share of the way that is left.
    progress(phase, fraction_ + 0.05 * (1 - fraction_));
    return result;
  }
  Result minimise(Objective& objective, Method& method, Params theta, const std::string& phase, const Stop& stop) {
    std::vector<Observer> all = observers(phase);
    all.push_back(
        [this, phase, most = static_cast<double>(stop.max_iterations)](const Iterate& iterate) -> std::optional<Status> {
          progress(phase, kStartShare * static_cast<double>(iterate.k) / most);
          return std::nullopt;
        });
    return note(gossan::minimise(objective, method, std::move(theta), stop, all));
  }

  // Asks the caller's observers, with an iterate that says nothing, in work that is no run. True when it is to end.
  bool poll() {
    const auto wish = ask(watch_.observers);
    if (wish && !stopped()) status_ = *wish;
    return stopped();
  }
  bool stopped() const { return status_ != Status::converged; }
  Status status() const { return status_; }

 private:
  static constexpr double kStartShare = 0.3;  // of the time that the start takes

  void progress(const std::string& phase, double fraction) {
    fraction_ = std::max(fraction_, fraction);
    if (watch_.progress) watch_.progress(phase, fraction_);
  }
  std::vector<Observer> observers(const std::string& phase) {
    std::vector<Observer> all = watch_.observers;
    all.push_back(record(history_, phase));
    return all;
  }
  Result note(Result result) {
    if (cut_off(result.status)) status_ = result.status;
    return result;
  }

  const Watch& watch_;
  History& history_;
  Status status_ = Status::converged;
  double fraction_ = 0;  // of the whole, never falling
};

}  // namespace gossan::locating
