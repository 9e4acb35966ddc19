// Random bits from counters, as docs/ensembles.md defines them: block b of row i is 128 bits, a pure function of
// (generator, seed, domain, i, b).
#pragma once

#include <array>
#include <cstdint>

#include "gossan/matrix.hpp"

namespace gossan {

enum class Generator { philox, ars };

struct BitStream {
  Generator generator = Generator::philox;
  std::uint64_t seed = 0;
  std::uint32_t domain = 0;  // streams of different domains have nothing in common
};

using BitBlock = std::array<std::uint32_t, 4>;

// One block, on any machine by the same plain code: what the fast functions below must agree with.
BitBlock bit_block(const BitStream& stream, std::uint64_t row, std::uint32_t block);

// Rows as bytes: byte k of row first + r is out[r * 16 * blocks + k]. blocks is a multiple of 16; out begins on a cache line.
void bit_rows(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint8_t* out);

// The same bits with rows side by side: word k of row first + r is out[k * rows + r], k < 4 blocks. rows is a multiple of 16.
void bit_columns(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint32_t* out);

namespace kernels {
// ARS: the key of round r is (seed + r weyl_low, r weyl_high), sums modulo 2^64; golden ratio and sqrt(3) - 1.
inline constexpr int ars_rounds = 7;
inline constexpr std::uint64_t weyl_low = 0x9E3779B97F4A7C15, weyl_high = 0xBB67AE8584CAA73B;

BitBlock philox_block(std::uint64_t seed, const BitBlock& counter);
void philox_rows(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint8_t* out);
void philox_columns(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint32_t* out);
BitBlock ars_block(std::uint64_t seed, const BitBlock& counter);
void ars_rows(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint8_t* out);
void ars_columns(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint32_t* out);

inline BitBlock counter_of(const BitStream& stream, std::uint64_t row, std::uint32_t block) {
  return {block, stream.domain, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(row >> 32)};
}
}  // namespace kernels

}  // namespace gossan
