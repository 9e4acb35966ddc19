#include "gossan/machine.hpp"

#include <atomic>

#include "gossan/linalg.hpp"
#include "linalg/kernels/multiply_add.hpp"
#include "linalg/kernels/read_bandwidth.hpp"

namespace gossan {
namespace {

constexpr Index stream = Index{1} << 19;  // words: 4 MiB, long enough that a stream's beginning costs nothing

template <class Real>
double burst(Index rounds, Real seed) {
  return ordered_sum(threads(), 1, [&](Index, Index) {
    Real sum{};
    const double count = multiply_adds(rounds, Real{0.5}, seed, &sum);
    return sum == seed ? 0 : count;  // sum is some 24 seeds: the comparison keeps it, and the work behind it, alive
  });
}

}  // namespace

std::uint64_t read_linearly(std::span<const std::uint64_t> words) {
  std::atomic<std::uint64_t> all{0};
  parallel_blocks(static_cast<Index>(words.size()), stream, [&](Index, Index first, Index last) {
    all.fetch_xor(read_words(words.data() + first, static_cast<std::size_t>(last - first)), std::memory_order_relaxed);
  });
  return all.load();
}

double multiply_and_add(Index rounds, double seed) { return burst(rounds, seed); }
double multiply_and_add(Index rounds, float seed) { return burst(rounds, seed); }

}  // namespace gossan
