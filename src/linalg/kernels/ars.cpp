// ARS-7 (Salmon, Moraes, Dror, Shaw 2011): seven rounds of AES on the counter, with the keys of a Weyl sequence instead of AES's
// own.
#include <hwy/highway.h>

#include "linalg/kernels/aes_round.hpp"
#include "linalg/kernels/counter_bits.hpp"
#include "linalg/kernels/plain_bits.hpp"
#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

using kernels::ars_rounds;
using kernels::weyl_high;
using kernels::weyl_low;

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void rows(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  kernels::plain_rows(kernels::ars_block, stream, first, count, blocks, out);
}

void columns(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint32_t* out) {
  kernels::plain_columns(kernels::ars_block, stream, first, count, blocks, out);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
#if HWY_TARGET == HWY_AVX3_DL
using Bytes = hn::ScalableTag<std::uint8_t>;  // an AES round for the whole vector is one instruction
constexpr Index width = 4;                    // blocks in a vector
#else
using Bytes = hn::FixedTag<std::uint8_t, 16>;
constexpr Index width = 1;
#endif
using Words = hn::Repartition<std::uint32_t, Bytes>;
using Wide = hn::Repartition<std::uint64_t, Bytes>;
using WordVec = hn::Vec<Words>;

struct Keys {
  hn::Vec<Bytes> of[ars_rounds + 1];

  HWY_INLINE explicit Keys(std::uint64_t seed) {
    alignas(64) std::uint64_t key[2 * width];
    for (int r = 0; r <= ars_rounds; ++r) {
      for (Index b = 0; b < width; ++b) {
        key[2 * b] = seed + static_cast<std::uint64_t>(r) * weyl_low;
        key[2 * b + 1] = static_cast<std::uint64_t>(r) * weyl_high;
      }
      of[r] = hn::BitCast(Bytes(), hn::Load(Wide(), key));
    }
  }
};

struct Four {
  WordVec v[4];
};

// Four vectors of blocks at once, so that the rounds of one hide the time of another's.
HWY_INLINE Four drawn(const Four& counter, const Keys& key) {
  const Bytes bytes;
  const Words words;
  auto a = hn::Xor(hn::BitCast(bytes, counter.v[0]), key.of[0]), b = hn::Xor(hn::BitCast(bytes, counter.v[1]), key.of[0]);
  auto c = hn::Xor(hn::BitCast(bytes, counter.v[2]), key.of[0]), d = hn::Xor(hn::BitCast(bytes, counter.v[3]), key.of[0]);
  for (int r = 1; r < ars_rounds; ++r) {
    a = hn::AESRound(a, key.of[r]);
    b = hn::AESRound(b, key.of[r]);
    c = hn::AESRound(c, key.of[r]);
    d = hn::AESRound(d, key.of[r]);
  }
  a = hn::AESLastRound(a, key.of[ars_rounds]);
  b = hn::AESLastRound(b, key.of[ars_rounds]);
  c = hn::AESLastRound(c, key.of[ars_rounds]);
  d = hn::AESLastRound(d, key.of[ars_rounds]);
  return {{hn::BitCast(words, a), hn::BitCast(words, b), hn::BitCast(words, c), hn::BitCast(words, d)}};
}

HWY_INLINE WordVec counters(const BitStream& stream, std::uint64_t row, std::uint64_t row_step, std::uint32_t block,
                            std::uint32_t block_step) {
  alignas(64) std::uint32_t counter[4 * width];
  for (Index j = 0; j < width; ++j) {
    const auto at = static_cast<std::uint32_t>(j);
    const BitBlock words = kernels::counter_of(stream, row + at * row_step, block + at * block_step);
    for (Index k = 0; k < 4; ++k) counter[4 * j + k] = words[static_cast<std::size_t>(k)];
  }
  return hn::Load(Words(), counter);
}

// What adds `step` to the block of every counter.
HWY_INLINE WordVec block_step(std::uint32_t step) {
  alignas(64) std::uint32_t steps[4 * width] = {};
  for (Index j = 0; j < width; ++j) steps[4 * j] = step;
  return hn::Load(Words(), steps);
}

void rows(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  const Words words;
  const Keys key(stream.seed);
  const WordVec step = block_step(static_cast<std::uint32_t>(width));
  for (Index r = 0; r < count; ++r) {
    WordVec counter = counters(stream, first + static_cast<std::uint64_t>(r), 0, 0, 1);
    for (Index b = 0; b < blocks; b += 4 * width) {
      Four from;
      for (auto& each : from.v) {
        each = counter;
        counter = hn::Add(counter, step);
      }
      const Four bits = drawn(from, key);
      for (const auto& each : bits.v) {
        hn::Store(each, words, reinterpret_cast<std::uint32_t*>(out));
        out += 16 * width;
      }
    }
  }
}

// Vector q holds the blocks of rows first + 4j + q; transposed, vector k holds word k of the rows in their order.
HWY_INLINE Four transposed(const Four& x) {
  const Words words;
  const Wide wide;
  const auto ab = hn::BitCast(wide, hn::InterleaveLower(words, x.v[0], x.v[1]));
  const auto AB = hn::BitCast(wide, hn::InterleaveUpper(words, x.v[0], x.v[1]));
  const auto cd = hn::BitCast(wide, hn::InterleaveLower(words, x.v[2], x.v[3]));
  const auto CD = hn::BitCast(wide, hn::InterleaveUpper(words, x.v[2], x.v[3]));
  return {{hn::BitCast(words, hn::InterleaveLower(wide, ab, cd)), hn::BitCast(words, hn::InterleaveUpper(wide, ab, cd)),
           hn::BitCast(words, hn::InterleaveLower(wide, AB, CD)), hn::BitCast(words, hn::InterleaveUpper(wide, AB, CD))}};
}

void columns(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint32_t* out) {
  const Words words;
  const Keys key(stream.seed);
  const WordVec step = block_step(1);
  for (Index r = 0; r < count; r += 4 * width) {
    Four counter;
    for (std::size_t q = 0; q < 4; ++q) counter.v[q] = counters(stream, first + static_cast<std::uint64_t>(r) + q, 4, 0, 0);
    for (Index b = 0; b < blocks; ++b) {
      const Four bits = transposed(drawn(counter, key));
      for (Index k = 0; k < 4; ++k) hn::Store(bits.v[k], words, out + (4 * b + k) * count + r);
      for (auto& each : counter.v) each = hn::Add(each, step);
    }
  }
}

#endif

}  // namespace

void ars_rows(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  rows(stream, first, count, blocks, out);
}
void ars_columns(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint32_t* out) {
  columns(stream, first, count, blocks, out);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(ars_rows);
HWY_EXPORT(ars_columns);
namespace kernels {

BitBlock ars_block(std::uint64_t seed, const BitBlock& counter) {
  const auto key = [seed](std::uint64_t r) {
    const std::uint64_t low = seed + r * weyl_low, high = r * weyl_high;
    return AesState{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32), static_cast<std::uint32_t>(high),
                    static_cast<std::uint32_t>(high >> 32)};
  };
  AesState state = key(0);
  for (std::size_t c = 0; c < 4; ++c) state[c] ^= counter[c];
  for (std::uint64_t r = 1; r < ars_rounds; ++r) state = aes_round(state, key(r));
  return aes_last_round(state, key(ars_rounds));
}

void ars_rows(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint8_t* out) {
  GOSSAN_DISPATCH(ars_rows)(stream, first, rows, blocks, out);
}
void ars_columns(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint32_t* out) {
  GOSSAN_DISPATCH(ars_columns)(stream, first, rows, blocks, out);
}

}  // namespace kernels
}  // namespace gossan
#endif
