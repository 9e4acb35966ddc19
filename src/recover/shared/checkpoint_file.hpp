// The file that a run is saved to: when, and what may be replaced.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "gossan/checkpoint.hpp"
#include "gossan/function_ref.hpp"
#include "gossan/watch.hpp"

namespace gossan {

// Throws std::invalid_argument where checkpoints are asked of `who`, a recovery that writes none.
void refuse_checkpoints(const Watch& watch, const char* who);

std::string checksum_of(const Matrix& values);

class CheckpointFile {
 public:
  // Without a file nothing happens, ever.
  CheckpointFile(const Checkpointing& settings, Settings problem) : settings_(settings), problem_(std::move(problem)) {}

  // Where the run is to go on and the file is there, the state that it holds; else writes `first`. Throws BadFile on a file that
  // is no checkpoint, or, where the run is to go on, on one of another problem; std::invalid_argument where it cannot be written.
  std::optional<Params> open(const Params& first);
  bool asked_for() const { return !settings_.file.empty(); }
  bool due() const;  // the last saving is as long ago as the settings say
  // A failure is no reason to lose the run: trouble() tells of it until a saving succeeds.
  void save(const Params& state);
  const std::string& trouble() const { return trouble_; }
  const std::string& name() const { return settings_.file; }

 private:
  const Checkpointing& settings_;
  Settings problem_;
  std::string trouble_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace gossan
