// Parallel loops: a fixed partition, handed out block by block to whichever thread is free.
//
// The threads are our own because no runtime at hand waits well. Loops here are short (tens of microseconds) and follow each
// other closely, and the machine is often shared: OpenMP's threads of g++ spin at the end of every loop until the last one
// arrives, which costs tens of times the work when a core is taken away, and cannot be told otherwise once the program runs. Here
// the caller starts at once, helpers join if they wake in time, and the caller waits for those alone that did.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

constexpr int kMostThreads = 1024;
// How often an idle helper looks for the next loop before it sleeps: about the pause between two loops of one iteration.
constexpr int kLooks = 2000;

std::atomic<int> thread_count{0};  // 0: never set, all cores
thread_local bool inside_loop = false;

// Asked once: the answer comes from a file of the system's, which takes longer to read than a short loop to run.
int cores() {
  static const int count = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMostThreads);
  return count;
}

// Tells the core that this is a waiting loop.
void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// One loop: its blocks and who may still join.
struct Loop {
  Index n, size, blocks;
  function_ref<void(Index, Index, Index)> body;
  int places;      // for further helpers; guarded by the pool
  int active = 0;  // helpers at work; guarded by the pool
  std::atomic<Index> next{0};

  // An exception that leaves a body ends the program here.
  void work() noexcept {
    inside_loop = true;
    for (Index block = next.fetch_add(1); block < blocks; block = next.fetch_add(1)) {
      const Index first = block * size;
      body(block, first, first + std::min(size, n - first));
    }
    inside_loop = false;
  }
};

class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    work_.notify_all();
    for (std::thread& helper : helpers_) helper.join();
  }

  // Works on the loop with up to loop.places helpers. Alone while another caller has them.
  void run(Loop& loop) {
    const int wanted = loop.places;
    bool offered = false;
    {
      const std::lock_guard lock(mutex_);
      if (loop_ == nullptr) {
        while (static_cast<int>(helpers_.size()) < wanted) helpers_.emplace_back([this] { help(); });
        loop_ = &loop;
        offered_.fetch_add(1);
        offered = true;
      }
    }
    if (offered && wanted == 1)
      work_.notify_one();
    else if (offered)
      work_.notify_all();
    loop.work();
    std::unique_lock lock(mutex_);
    if (loop_ == &loop) loop_ = nullptr;
    done_.wait(lock, [&] { return loop.active == 0; });
  }

 private:
  void help() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (loop_ != nullptr && loop_->places > 0) {
        Loop& loop = *loop_;
        --loop.places;
        ++loop.active;
        lock.unlock();
        loop.work();
        lock.lock();
        if (--loop.active == 0) done_.notify_all();
        continue;
      }
      const unsigned seen = offered_.load();
      lock.unlock();
      for (int look = 0; look < kLooks && offered_.load(std::memory_order_relaxed) == seen; ++look) relax();
      lock.lock();
      work_.wait(lock, [&] { return stopping_ || offered_.load() != seen; });
    }
  }

  std::mutex mutex_;
  std::condition_variable work_, done_;
  Loop* loop_ = nullptr;              // the one being worked on
  std::atomic<unsigned> offered_{0};  // counts loops
  bool stopping_ = false;
  std::vector<std::thread> helpers_;
};

Pool& pool() {
  static Pool pool;
  return pool;
}

}  // namespace

int threads() {
  const int count = thread_count.load(std::memory_order_relaxed);
  return count > 0 ? count : cores();
}

void set_threads(int count) {
  if (count < 0 || count > kMostThreads)
    throw std::invalid_argument(fmt::format("set_threads: count is {}, expected 0 (all cores) to {}", count, kMostThreads));
  thread_count.store(count, std::memory_order_relaxed);
}

void parallel_blocks(Index n, Index size, function_ref<void(Index, Index, Index)> body) {
  if (size < 1) throw std::invalid_argument(fmt::format("parallel_blocks: size is {}, expected at least 1", size));
  if (n <= 0) return;
  const Index blocks = block_count(n, size);
  Loop loop{n, size, blocks, body, static_cast<int>(std::min<Index>(threads(), blocks)) - 1};
  // A loop inside a loop's body runs on the thread that it is on: the outer loop already keeps all of them busy.
  if (inside_loop) {
    for (Index block = 0; block < blocks; ++block) body(block, block * size, std::min((block + 1) * size, n));
  } else if (loop.places == 0) {
    loop.work();
  } else {
    pool().run(loop);
  }
}

double ordered_sum(Index n, Index size, function_ref<double(Index, Index)> part) {
  if (size < 1) throw std::invalid_argument(fmt::format("ordered_sum: size is {}, expected at least 1", size));
  if (n <= 0) return 0;
  std::vector<double> parts(static_cast<std::size_t>(block_count(n, size)));
  parallel_blocks(n, size,
                  [&](Index block, Index first, Index last) { parts[static_cast<std::size_t>(block)] = part(first, last); });
  double sum = 0;
  for (const double each : parts) sum += each;
  return sum;
}

}  // namespace gossan
