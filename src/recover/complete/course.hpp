// The runs of one completion, one after the other: their watchers, history and progress, and where they are saved.
#pragma once

#include <optional>
#include <string>

#include "gossan/observers.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "recover/shared/checkpoint_file.hpp"

namespace gossan::completing {

class Course {
 public:
  // `problem`: all that the bits of the answer depend on. Throws BadFile on a checkpoint of another problem, or a damaged one.
  Course(const Watch& watch, History& history, const Settings& problem);

  // Steps number `stage` of the answer, up to `most` steps in all, from its beginning or from where it was saved. `from`, `to`:
  // the share of the whole that it is. `carried` is saved beside it. Ends before where a step changes the objective by no more
  // than `change`. False when a watcher ended it.
  bool drive(Index stage, const std::string& phase, Iteration& iteration, Index taken, Index most, double from, double to,
             const Params& carried, double change = 0);
  // Whether the saved run had come further than this stage, and what it carried. Stages of one recipe are numbered within one
  // chapter; a recipe whose chapter is not the saved one runs anew.
  static constexpr Index chapter = 200;
  bool is_past(Index stage) const { return saved_ && saved_stage_ / chapter == stage / chapter && saved_stage_ > stage; }
  bool was_in(Index stage) const { return saved_ && saved_stage_ == stage; }
  // Empty unless the saved run was in this stage's chapter.
  const Params& carried(Index stage) const {
    static const Params none;
    return saved_stage_ >= 0 && saved_stage_ / chapter == stage / chapter ? carried_ : none;
  }
  const CheckpointFile& file() const { return file_; }

  Status status() const { return status_; }
  const std::string& message() const { return message_; }
  Index steps() const { return steps_; }
  void show(const std::string& phase, double fraction) const;

 private:
  static Params state_of(Index stage, Index k, const Iteration& iteration, const Params& carried);

  const Watch& watch_;
  History& history_;
  CheckpointFile file_;
  std::optional<Params> saved_;  // of the iteration
  Index saved_stage_ = -1, saved_k_ = 0;
  Params carried_;
  Status status_ = Status::converged;
  std::string message_ = "all stages were run";
  Index steps_ = 0;
};

}  // namespace gossan::completing
