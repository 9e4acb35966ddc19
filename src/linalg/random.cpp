// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011): key = seed, counter = (index, stream).
#include "gossan/random.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

// The odd multiples of 2^-53 in (0, 1): never 0, and never rounded up to 1.
double open_unit(std::uint64_t bits) { return (static_cast<double>(bits >> 12) + 0.5) * 0x1p-52; }

// Two independent N(0, 1) from two uniforms (Box and Muller 1958).
std::pair<double, double> normal_pair(const std::array<std::uint64_t, 2>& bits) {
  const double radius = std::sqrt(-2 * std::log(open_unit(bits[0])));
  const double angle = 2 * std::numbers::pi * open_unit(bits[1]);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

}  // namespace

std::array<std::uint64_t, 2> Random::bits(Index i) const {
  const auto index = static_cast<std::uint64_t>(i);
  const r123::Philox4x32::ctr_type counter = {{low(index), high(index), low(stream_), high(stream_)}};
  const r123::Philox4x32::key_type key = {{low(seed_), high(seed_)}};
  const auto word = r123::Philox4x32()(counter, key);
  return {word[0] | std::uint64_t{word[1]} << 32, word[2] | std::uint64_t{word[3]} << 32};
}

double Random::uniform(Index i) const { return open_unit(bits(i)[0]); }

double Random::normal(Index i) const {
  const auto [even, odd] = normal_pair(bits(i / 2));
  return i % 2 == 0 ? even : odd;
}

// The high word of bits * bound; the probabilities differ by at most 2^-64.
Index Random::below(Index i, Index bound) const {
  if (bound < 1) throw std::invalid_argument(fmt::format("Random::below: bound is {}, expected at least 1", bound));
  __extension__ using Wide = unsigned __int128;
  return static_cast<Index>((Wide{bits(i)[0]} * static_cast<std::uint64_t>(bound)) >> 64);
}

Matrix normal_matrix(Index rows, Index cols, const Random& random) {
  if (rows < 0 || cols < 0)
    throw std::invalid_argument(fmt::format("normal_matrix: shape is {} x {}, expected no negative number", rows, cols));
  Matrix M(rows, cols);
  double* entry = M.data();
  constexpr Index block = 4096;  // even, so that no pair is split
  parallel_blocks(M.size(), block, [&](Index, Index first, Index last) {
    for (Index k = first; k < last; k += 2) {
      const auto [even, odd] = normal_pair(random.bits(k / 2));
      entry[k] = even;
      if (k + 1 < last) entry[k + 1] = odd;
    }
  });
  return M;
}

// Fisher and Yates' shuffle.
std::vector<Index> permutation(Index n, const Random& random) {
  if (n < 0) throw std::invalid_argument(fmt::format("permutation: n is {}, expected no negative number", n));
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  for (Index i = 0; i + 1 < n; ++i) {
    const Index j = i + random.below(i, n - i);
    std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(j)]);
  }
  return order;
}

}  // namespace gossan
