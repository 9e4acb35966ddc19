// Observers: what watches a run.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "gossan/run.hpp"

namespace gossan {

struct HistoryRow {
  std::string phase;  // which part of a recovery
  Index k = 0;
  double f = 0, gradient_norm = 0, step = 0, change = 0, seconds = 0;
};
using History = std::vector<HistoryRow>;

inline bool is_recorded(Index k, Index every) { return k == 1 || k % every == 0; }

// Appends a row for the first step, every `every`-th, and no more; seconds count from its making, on from `before`. `history`
// must outlive it.
Observer record(History& history, std::string phase, Index every = 1, double before = 0);

// Ends the run with time_limit once `deadline` has passed.
Observer until(std::chrono::steady_clock::time_point deadline);

// Ends the run with interrupted once the flag is set (by a signal handler, say).
Observer interruptible(const std::atomic<bool>& flag);

}  // namespace gossan
