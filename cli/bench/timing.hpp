// How `gossan bench` takes time: turns of work, and turns of the machine's own limits in between.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "bench/cases.hpp"

namespace gossan::cli {

struct Turn {
  double seconds = 0, cpu_seconds = 0;  // a sweep: by the clock, and of all threads together
};
// Sweeps for 30 ms or once, whichever is longer.
Turn take_turn(const BenchWork& work);

struct Spread {
  double median = 0, lower = 0, upper = 0;  // quartiles
};
Spread spread_of(std::vector<double> values);  // at least one

// What the machine can do on as many threads as are in use.
class Yardsticks {
 public:
  static constexpr std::size_t read_bytes = std::size_t{256} << 20U;  // beyond any cache

  Yardsticks();
  double read_rate() const;              // bytes a second of one linear read of so many
  static double flop_rate(bool single);  // multiplications and additions a second, in registers

 private:
  struct Free {
    void operator()(void* memory) const { std::free(memory); }
  };
  std::unique_ptr<std::uint64_t, Free> memory_;
  std::span<const std::uint64_t> words_;
};

}  // namespace gossan::cli
