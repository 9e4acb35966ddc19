// Where a verb saves its run, and goes on from.
#pragma once

#include <string>

#include "gossan/options.hpp"
#include "gossan/watch.hpp"

namespace gossan::cli {

struct CheckpointOptions {
  std::string checkpoint;
  double checkpoint_every = 10;
  bool resume = false;
  Fields fields();
};

// The versions of everything decide on the bits of a result, and so does `held`: how the data are held. Says on standard error
// where there is nothing to resume from; throws std::invalid_argument on --resume without a file.
Checkpointing checkpointing(const std::string& verb, const CheckpointOptions& options, const Fields& held, bool quiet);

}  // namespace gossan::cli
