// A descent that can be killed: its checkpoints, and how it goes on from one.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/sense.hpp"
#include "gossan/trajectory.hpp"
#include "gossan/watch.hpp"
#include "recover/sense/counted.hpp"
#include "recover/shared/checkpoint_file.hpp"

namespace gossan::sensing {

// All of a descent that changes while it runs.
struct Running {
  Iteration& iteration;
  History& history;
  Trace& trace;
  const std::vector<Gauge>& gauges;
  const Counted& A;
  bool& rough;
  double& last_change;
};

class Resumable {
 public:
  // Without a file nothing happens, ever. Where the run is to go on and the file is there, brings all to where it was; else
  // writes the first checkpoint. Throws BadFile on a file that is no checkpoint, or, where the run is to go on, on one of another
  // problem.
  Resumable(const Running& running, const Checkpointing& settings, Settings problem);

  Index taken() const { return taken_; }                          // steps taken before
  double seconds() const { return seconds_; }                     // that they took
  Observer saves();                                               // at most every so many seconds
  void end(Status status);                                        // saves what was interrupted; else the last one stays
  const std::string& trouble() const { return file_.trouble(); }  // of the latest saving that failed

 private:
  void restore(const Params& state);
  Params state() const;

  Running running_;
  CheckpointFile file_;
  Index taken_ = 0, steps_ = 0;  // steps_: those of this process included
  double seconds_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// What the bits of a descent depend on: shapes, checksums of y, of predictions by A and of the truth (may be null), instructions,
// options, choices.
Settings problem_of(const Operator& A, std::span<const double> y, const Matrix* truth, const SenseOptions& options,
                    const Sensed& answer, const Settings& also);

}  // namespace gossan::sensing
