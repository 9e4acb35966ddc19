// The yardsticks of the benchmarks do the work that they are timed for, at every level and on any number of threads.
#include "gossan/machine.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "gossan/linalg.hpp"
#include "threads_guard.hpp"

namespace gossan {
namespace {

struct Levels {
  std::string before = simd_level();
  std::vector<std::string> all = simd_levels();
  ~Levels() { set_simd_level(before); }
};

TEST(Machine, ReadsEveryWordOnce) {
  const Levels levels;
  const ThreadsGuard guard;
  for (const Index count : {0, 1, 3, 63, 64, 65, (1 << 19) + 5, 3 * (1 << 19) + 1}) {
    std::vector<std::uint64_t> words(static_cast<std::size_t>(count));
    std::uint64_t all = 0;
    for (std::size_t k = 0; k < words.size(); ++k) all ^= words[k] = k * 0x9E3779B97F4A7C15u + 1;
    for (const std::string& level : levels.all) {
      set_simd_level(level);
      for (const int threads : {1, 2, 3}) {
        set_threads(threads);
        EXPECT_EQ(read_linearly(words), all) << count << " words, " << level << ", " << threads << " threads";
      }
    }
  }
}

TEST(Machine, CountsItsMultiplyAdds) {
  const Levels levels;
  const ThreadsGuard guard;
  for (const std::string& level : levels.all) {
    set_simd_level(level);
    set_threads(1);
    const double one = multiply_and_add(100, 1.0), one_single = multiply_and_add(100, 1.0F);
    EXPECT_GE(one, 2 * 12 * 100.0) << level;
    EXPECT_GE(one_single, one) << level;
    set_threads(3);
    EXPECT_EQ(multiply_and_add(100, 1.0), 3 * one) << level;
  }
}

}  // namespace
}  // namespace gossan
