#include "linalg/pipeline.hpp"

namespace gossan {

// Guarded by the pipeline's mutex, but for the callables.
struct Pipeline::Run {
  Index steps, slots;
  function_ref<void(Index, Index)> read;
  Index done_reading = 0, done_working = 0;  // steps
  bool abandoned = false;                    // by the worker
  std::exception_ptr failure = nullptr;      // of the reader
};

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (reader_.joinable()) reader_.join();
}

void Pipeline::run(Index steps, Index slots, function_ref<void(Index, Index)> read, function_ref<void(Index, Index)> work) {
  Run run{steps, slots, read};
  std::unique_lock lock(mutex_);
  run_ = &run;
  if (!reader_.joinable()) reader_ = std::thread([this] { serve(); });
  changed_.notify_all();
  std::exception_ptr failure;
  for (Index step = 0; step < steps && failure == nullptr; ++step) {
    changed_.wait(lock, [&] { return run.done_reading > step || run.failure != nullptr; });
    if (run.done_reading <= step) break;
    lock.unlock();
    try {
      work(step, step % slots);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    ++run.done_working;
    run.abandoned = failure != nullptr;
    changed_.notify_all();
  }
  changed_.wait(lock, [&] { return run_ == nullptr; });
  lock.unlock();
  if (failure == nullptr) failure = run.failure;
  if (failure != nullptr) std::rethrow_exception(failure);
}

void Pipeline::serve() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return stopping_ || run_ != nullptr; });
    if (stopping_) return;
    read_ahead(*run_, lock);
    run_ = nullptr;
    changed_.notify_all();
  }
}

void Pipeline::read_ahead(Run& run, std::unique_lock<std::mutex>& lock) {
  for (Index step = 0; step < run.steps; ++step) {
    changed_.wait(lock, [&] { return run.abandoned || step < run.done_working + run.slots; });
    if (run.abandoned) return;
    lock.unlock();
    std::exception_ptr failure;
    try {
      run.read(step, step % run.slots);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    run.failure = failure;
    if (failure != nullptr) return;
    ++run.done_reading;
    changed_.notify_all();
  }
}

}  // namespace gossan
