// How a caller watches, stops and saves what takes long.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/options.hpp"
#include "gossan/run.hpp"

namespace gossan {

// Where a run is saved, so that another process may go on with it and end with the same bits.
struct Checkpointing {
  std::string file = {};  // empty: nowhere
  double every = 10;      // seconds between two savings, at least
  bool resume = false;    // go on from the file where it is there
  Settings problem = {};  // what the run depends on besides data and options: versions, how the data are held
};

// How a caller watches and stops a recovery. Observers are attached to every run inside it; when one ends a run with
// interrupted or time_limit, the recovery returns what it has, with that status.
struct Watch {
  std::vector<Observer> observers = {};
  std::function<void(std::string_view phase, double fraction)> progress = {};  // fraction in [0, 1] of the whole; may be empty
  // The true matrix of a simulation, or null: descents by named parts of `sense` are measured against it on their way. No answer
  // depends on it, but for one by the oracle schedule.
  const Matrix* truth = nullptr;
  Checkpointing checkpoint = {};  // of `sense` and `complete`; others throw std::invalid_argument
};

}  // namespace gossan
