// Runs iterations on behalf of a recovery: the caller's observers on every run, one history, progress, and why a run was ended
// from outside.
#pragma once

#include <string>
#include <vector>

#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// The caller's observers, and a row of `history` for every step; it must outlive the run.
std::vector<Observer> watching(const Watch& watch, History& history, const std::string& phase);

class WatchedRuns {
 public:
  // share: of the way that is left, what each run covers; how many there will be is not known beforehand. Both must outlive it.
  WatchedRuns(const Watch& watch, History& history, double share) : watch_(watch), history_(history), share_(share) {}

  // Asks the caller's observers in work that is no run. True when it is to end.
  bool poll();
  bool stopped() const { return status_ != Status::converged; }
  Status status() const { return status_; }

 protected:
  std::vector<Observer> observers(const std::string& phase) { return watching(watch_, history_, phase); }
  void end(Status status) { status_ = status; }
  Result note(Result result);                            // whether it was ended from outside
  void tell(const std::string& phase, double fraction);  // of the whole; never falls
  void advance(const std::string& phase) { tell(phase, fraction_ + share_ * (1 - fraction_)); }

 private:
  const Watch& watch_;
  History& history_;
  double share_;
  Status status_ = Status::converged;
  double fraction_ = 0;
};

}  // namespace gossan
