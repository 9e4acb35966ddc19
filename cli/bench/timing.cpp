#include "bench/timing.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <new>

#include "gossan/machine.hpp"

namespace gossan::cli {
namespace {

constexpr double turn_seconds = 0.03;
constexpr std::size_t huge_page = std::size_t{2} << 20U;
constexpr Index burst_rounds = 500'000;

double seconds_of(const std::timespec& time) {
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double cpu_clock() {
  std::timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return seconds_of(time);
}

double wall_clock() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

}  // namespace

Turn take_turn(const BenchWork& work) {
  const double start = wall_clock(), cpu_start = cpu_clock();
  double seconds = 0, sweeps = 0;
  do {
    work.run();
    sweeps += static_cast<double>(work.sweeps);
    seconds = wall_clock() - start;
  } while (seconds < turn_seconds);
  return {seconds / sweeps, (cpu_clock() - cpu_start) / sweeps};
}

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto quantile = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place), above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
  };
  return {quantile(0.5), quantile(0.25), quantile(0.75)};
}

Yardsticks::Yardsticks() : memory_(static_cast<std::uint64_t*>(std::aligned_alloc(huge_page, read_bytes))) {
  if (memory_ == nullptr) throw std::bad_alloc();
#ifdef MADV_HUGEPAGE
  madvise(memory_.get(), read_bytes, MADV_HUGEPAGE);  // a wish: the limit is memory's, not the page tables'
#endif
  const std::size_t count = read_bytes / sizeof(std::uint64_t);
  std::fill_n(memory_.get(), count, 1);  // pages that were never written share one page of zeros
  words_ = std::span<const std::uint64_t>(memory_.get(), count);
}

double Yardsticks::read_rate() const {
  const double start = wall_clock();
  read_linearly(words_);
  return static_cast<double>(read_bytes) / (wall_clock() - start);
}

double Yardsticks::flop_rate(bool single) {
  const double start = wall_clock();
  const double count = single ? multiply_and_add(burst_rounds, 1.0F) : multiply_and_add(burst_rounds, 1.0);
  return count / (wall_clock() - start);
}

}  // namespace gossan::cli
