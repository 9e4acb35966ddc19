// Reading ahead: while one step is worked on, a thread of its own reads those that follow.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "gossan/function_ref.hpp"
#include "gossan/matrix.hpp"

namespace gossan {

class Pipeline {
 public:
  Pipeline() = default;
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // read(step, slot) and then work(step, slot) for every step in order, in the slots of a ring: read runs ahead by up to `slots`
  // steps on the reader's thread, work on the caller's, which may use parallel loops. What either throws comes out when both have
  // come to rest. The thread lives as long as the pipeline; a run allocates nothing after the first.
  void run(Index steps, Index slots, function_ref<void(Index step, Index slot)> read,
           function_ref<void(Index step, Index slot)> work);

 private:
  struct Run;
  void serve();
  void read_ahead(Run& run, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable changed_;
  Run* run_ = nullptr;  // what the reader is to read
  bool stopping_ = false;
  std::thread reader_;
};

}  // namespace gossan
