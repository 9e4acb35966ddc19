// Gives back the number of threads that a test changed.
#pragma once

#include "gossan/linalg.hpp"

namespace gossan {

class ThreadsGuard {
 public:
  ThreadsGuard() = default;
  ~ThreadsGuard() { set_threads(before_); }
  ThreadsGuard(const ThreadsGuard&) = delete;
  ThreadsGuard& operator=(const ThreadsGuard&) = delete;

 private:
  int before_ = threads();
};

}  // namespace gossan
