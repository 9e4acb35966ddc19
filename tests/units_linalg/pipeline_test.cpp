#include "linalg/pipeline.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <stdexcept>
#include <vector>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

TEST(Pipeline, WorksOnWhatWasReadInOrder) {
  Pipeline pipeline;
  for (const Index slots : {1, 2, 3})
    for (const Index steps : {0, 1, 2, 3, 50}) {
      std::vector<Index> ring(static_cast<std::size_t>(slots), -1), seen;
      const auto at = [&](Index slot) -> Index& { return ring[static_cast<std::size_t>(slot)]; };
      pipeline.run(
          steps, slots, [&](Index step, Index slot) { at(slot) = 10 * step; },
          [&](Index step, Index slot) {
            EXPECT_EQ(at(slot), 10 * step);
            Index sum = 0;
            parallel_blocks(3, 1, [&](Index block, Index, Index) {
              if (block == 0) sum = step;
            });
            seen.push_back(sum);
            at(slot) = -1;
          });
      ASSERT_EQ(static_cast<Index>(seen.size()), steps);
      for (Index step = 0; step < steps; ++step) EXPECT_EQ(seen[static_cast<std::size_t>(step)], step);
    }
}

// Were reading not ahead, the second read would wait for the end of the first work, which waits for it.
TEST(Pipeline, ReadsWhileItWorks) {
  Pipeline pipeline;
  std::atomic<Index> done{0};
  bool late = false;
  pipeline.run(
      4, 2, [&](Index step, Index) { done = step + 1; },
      [&](Index step, Index) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (done < std::min<Index>(step + 2, 4) && !late) late = std::chrono::steady_clock::now() > patience;
      });
  EXPECT_FALSE(late);
}

TEST(Pipeline, HandsOnWhatIsThrownAndGoesOnAfterwards) {
  Pipeline pipeline;
  const auto none = [](Index, Index) {};
  for (const Index bad : {0, 1, 5, 9}) {
    Index worked = 0;
    const auto fail = [&](Index step, Index) {
      if (step == bad) throw std::runtime_error("step " + std::to_string(step));
    };
    EXPECT_THROW(pipeline.run(10, 3, fail, [&](Index, Index) { ++worked; }), std::runtime_error);
    EXPECT_EQ(worked, bad);
    EXPECT_THROW(pipeline.run(10, 3, none, fail), std::runtime_error);
    EXPECT_NO_THROW(pipeline.run(10, 3, none, none));
  }
}

}  // namespace
}  // namespace gossan
