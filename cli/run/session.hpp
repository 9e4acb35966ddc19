// How a recovery is watched and stopped from the command line: a progress bar, Ctrl-C, a time limit.
#pragma once

#include <chrono>

#include "gossan/evidence.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "run/progress.hpp"
#include "verbs.hpp"

namespace gossan::cli {

struct LimitOptions {
  double time_limit = 0;  // seconds; 0: none
  Fields fields();
};

class Session {
 public:
  // The clock of seconds() and of the time limit starts here.
  Session(const std::string& verb, bool quiet, const LimitOptions& limits);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  const Watch& watch() const { return watch_; }
  double seconds() const;
  // Takes the bar away, and says how it went: Ctrl-C goes before the verdict, so that a script which was stopped does stop.
  ExitCode finish(Status status, Verdict verdict);

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  ProgressBar bar_;
  Watch watch_;
};

}  // namespace gossan::cli
