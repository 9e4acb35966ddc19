// The runs of `locate`: iterations until they stop by themselves, and the descent that starts the map.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gossan/objectives.hpp"
#include "recover/shared/watched_runs.hpp"

namespace gossan::locating {

class Driver : public WatchedRuns {
 public:
  Driver(const Watch& watch, History& history) : WatchedRuns(watch, history, 0.05) {}

  Result drive(Iteration& iteration, const std::string& phase, const Stop& stop) {
    Result result = note(run(iteration, stop, observers(phase)));
    advance(phase);
    return result;
  }
  Result minimise(Objective& objective, Method& method, Params theta, const std::string& phase, const Stop& stop) {
    std::vector<Observer> all = observers(phase);
    all.push_back(
        [this, phase, most = static_cast<double>(stop.max_iterations)](const Iterate& iterate) -> std::optional<Status> {
          tell(phase, kStartShare * static_cast<double>(iterate.k) / most);
          return std::nullopt;
        });
    return note(gossan::minimise(objective, method, std::move(theta), stop, all));
  }

 private:
  static constexpr double kStartShare = 0.3;  // of the time that the start takes
};

}  // namespace gossan::locating
