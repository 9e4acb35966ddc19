#include "recover/shared/watched_runs.hpp"

#include <algorithm>

#include "run/ask.hpp"

namespace gossan {

std::vector<Observer> watching(const Watch& watch, History& history, const std::string& phase) {
  std::vector<Observer> observers = watch.observers;
  observers.push_back(record(history, phase));
  return observers;
}

bool WatchedRuns::poll() {
  const auto wish = ask(watch_.observers);
  if (wish && !stopped()) status_ = *wish;
  return stopped();
}

Result WatchedRuns::note(Result result) {
  if (cut_off(result.status)) status_ = result.status;
  return result;
}

void WatchedRuns::tell(const std::string& phase, double fraction) {
  fraction_ = std::max(fraction_, fraction);
  if (watch_.progress) watch_.progress(phase, fraction_);
}

}  // namespace gossan
