#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <vector>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(ParallelBlocks, CoverEveryIndexOnceInBlocksOfTheSizeAsked) {
  const ThreadsGuard guard;
  for (int count : {1, 2, 3}) {
    set_threads(count);
    for (Index n : {0, 1, 3, 64, 65, 1000}) {
      std::vector<int> seen(static_cast<std::size_t>(n));
      std::atomic<Index> blocks{0};
      parallel_blocks(n, 7, [&](Index block, Index first, Index last) {
        ++blocks;
        if (first != 7 * block || last != std::min(n, first + 7))
          ADD_FAILURE() << "block " << block << ": " << first << " " << last;
        for (Index i = first; i < last; ++i) ++seen[static_cast<std::size_t>(i)];
      });
      EXPECT_EQ(blocks, block_count(n, 7));
      for (const int each : seen) EXPECT_EQ(each, 1);
    }
  }
}

TEST(ParallelBlocks, UseTheThreadsAskedForAndNoMore) {
  const ThreadsGuard guard;
  for (int count : {1, 2, 3}) {
    set_threads(count);
    std::vector<std::thread::id> ran(64);
    std::atomic<int> waiting{0};
    // Each block waits a while for another one, so that threads do meet where there are several.
    parallel_blocks(64, 1, [&](Index block, Index, Index) {
      ran[static_cast<std::size_t>(block)] = std::this_thread::get_id();
      ++waiting;
      for (int spin = 0; spin < 1000 && waiting < 2; ++spin) std::this_thread::yield();
    });
    std::sort(ran.begin(), ran.end());
    const auto distinct = std::unique(ran.begin(), ran.end()) - ran.begin();
    EXPECT_LE(distinct, count);
  }
}

TEST(ParallelBlocks, InsideOneAnotherRunOnTheThreadTheyAreOn) {
  const ThreadsGuard guard;
  set_threads(3);
  std::vector<double> sum(50);
  parallel_blocks(50, 1, [&](Index outer, Index, Index) {
    const auto self = std::this_thread::get_id();
    parallel_blocks(100, 9, [&](Index, Index first, Index last) {
      if (std::this_thread::get_id() != self) ADD_FAILURE() << "an inner block left its thread";
      for (Index i = first; i < last; ++i) sum[static_cast<std::size_t>(outer)] += static_cast<double>(i);
    });
  });
  for (const double each : sum) EXPECT_EQ(each, 4950);
}

TEST(ParallelBlocks, FromSeveralThreadsOfTheCallerAtOnce) {
  const ThreadsGuard guard;
  set_threads(2);
  std::vector<double> result(4);
  std::vector<std::thread> callers;
  for (std::size_t t = 0; t < result.size(); ++t)
    callers.emplace_back([&result, t] {
      result[t] = ordered_sum(10000, 64, [t](Index first, Index last) { return static_cast<double>(last - first) * double(t); });
    });
  for (auto& caller : callers) caller.join();
  for (std::size_t t = 0; t < result.size(); ++t) EXPECT_EQ(result[t], 10000.0 * static_cast<double>(t));
}

TEST(OrderedSum, HasTheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  const Random random(1, 0);
  const auto part = [&](Index first, Index last) {
    double sum = 0;
    for (Index i = first; i < last; ++i) sum += std::exp(10 * random.normal(i));
    return sum;
  };
  set_threads(1);
  const double serial = ordered_sum(10007, 100, part);
  for (int count : {2, 3, 7}) {
    set_threads(count);
    for (int trial = 0; trial < 5; ++trial) EXPECT_EQ(ordered_sum(10007, 100, part), serial);
  }
  EXPECT_EQ(ordered_sum(0, 100, part), 0);
}

TEST(Random, HasTheSameBitsOnAnyNumberOfThreads) {
  const ThreadsGuard guard;
  set_threads(1);
  const Matrix serial = normal_matrix(300, 101, Random(2, 3));
  for (int count : {2, 3}) {
    set_threads(count);
    EXPECT_EQ(normal_matrix(300, 101, Random(2, 3)), serial);
  }
}

TEST(SetThreads, KnowsAllCoresAndRefusesNonsense) {
  const ThreadsGuard guard;
  set_threads(5);
  EXPECT_EQ(threads(), 5);
  set_threads(0);
  EXPECT_GE(threads(), 1);
  EXPECT_THROW(set_threads(-1), std::invalid_argument);
  EXPECT_THROW(set_threads(1000000), std::invalid_argument);
  EXPECT_THROW(parallel_blocks(1, 0, [](Index, Index, Index) {}), std::invalid_argument);
}

TEST(ParallelBlocksDeathTest, EndTheProgramWhenABodyThrows) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(parallel_blocks(1, 1, [](Index, Index, Index) { throw std::runtime_error("from a body"); }), "");
}

}  // namespace
}  // namespace gossan
