#include "run/side_by_side.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "gossan/linalg.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

TEST(SideBySide, EveryOneIsRunOnce) {
  std::vector<int> runs(100, 0);
  EXPECT_FALSE(side_by_side(100, [&](Index k) -> std::optional<Status> {
    ++runs[static_cast<std::size_t>(k)];
    return std::nullopt;
  }));
  EXPECT_EQ(runs, std::vector<int>(100, 1));
  EXPECT_FALSE(side_by_side(0, [](Index) -> std::optional<Status> { throw std::logic_error("there is none"); }));
}

TEST(SideBySide, AStatusEndsIt) {
  const ThreadsGuard guard;
  for (const int count : {1, 4}) {
    set_threads(count);
    std::atomic<Index> begun = 0;
    const auto ended = side_by_side(10000, [&](Index k) {
      ++begun;
      return k == 3 ? std::optional(Status::time_limit) : std::nullopt;
    });
    EXPECT_EQ(ended, Status::time_limit);
    EXPECT_LT(begun, 10000);
    EXPECT_GE(begun, 4);
  }
}

TEST(SideBySide, WhatIsThrownComesOut) {
  const ThreadsGuard guard;
  for (const int count : {1, 4}) {
    set_threads(count);
    std::atomic<Index> begun = 0;
    const auto fail = [&] {
      side_by_side(10000, [&](Index k) -> std::optional<Status> {
        ++begun;
        if (k == 3) throw std::invalid_argument("the third");
        return std::nullopt;
      });
    };
    EXPECT_THROW(fail(), std::invalid_argument);
    EXPECT_LT(begun, 10000);
  }
}

}  // namespace
}  // namespace gossan
