// Philox4x32-10 (Salmon, Moraes, Dror, Shaw 2011), a block a lane. A round multiplies two of the four words and mixes the halves
// of the products into the others; here every word has a lane of 64 bits, of which the upper half is garbage.
#include <Random123/philox.h>
#include <hwy/highway.h>

#include "linalg/kernels/counter_bits.hpp"
#include "linalg/kernels/plain_bits.hpp"
#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void rows(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  kernels::plain_rows(kernels::philox_block, stream, first, count, blocks, out);
}

void columns(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint32_t* out) {
  kernels::plain_columns(kernels::philox_block, stream, first, count, blocks, out);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Wide = hn::ScalableTag<std::uint64_t>;
using Words = hn::ScalableTag<std::uint32_t>;
using WideVec = hn::Vec<Wide>;
using WordVec = hn::Vec<Words>;

struct Four {
  WideVec c0, c1, c2, c3;
};

HWY_INLINE WideVec times(WideVec a, std::uint32_t b) {
  const Words words;
  return hn::MulEven(hn::BitCast(words, a), hn::Set(words, b));
}

HWY_INLINE void round(Four& x, std::uint32_t key0, std::uint32_t key1) {
  const Wide wide;
  const WideVec p0 = times(x.c0, 0xD2511F53U), p1 = times(x.c2, 0xCD9E8D57U);
  x.c0 = hn::Xor3(hn::ShiftRight<32>(p1), x.c1, hn::Set(wide, key0));
  x.c2 = hn::Xor3(hn::ShiftRight<32>(p0), x.c3, hn::Set(wide, key1));
  x.c1 = p1;
  x.c3 = p0;
}

// Two vectors of blocks at once, so that the multiplier never waits.
HWY_INLINE void rounds(Four& even, Four& odd, std::uint64_t seed) {
  auto key0 = static_cast<std::uint32_t>(seed), key1 = static_cast<std::uint32_t>(seed >> 32);
  for (int r = 0; r < 10; ++r) {
    round(even, key0, key1);
    round(odd, key0, key1);
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
}

// Word lane 2l from lane l of `even`, word lane 2l + 1 from lane l of `odd`.
HWY_INLINE WordVec merged(WideVec even, WideVec odd) {
  const Words words;
  return hn::OddEven(hn::BitCast(words, hn::ShiftLeft<32>(odd)), hn::BitCast(words, even));
}

constexpr Index lanes = static_cast<Index>(HWY_LANES(std::uint32_t));

void rows(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  const Wide wide;
  const WideVec even = hn::ShiftLeft<1>(hn::Iota(wide, 0)), one = hn::Set(wide, 1), domain = hn::Set(wide, stream.domain);
  for (Index r = 0; r < count; ++r) {
    const std::uint64_t row = first + static_cast<std::uint64_t>(r);
    const WideVec low = hn::Set(wide, row & 0xFFFFFFFFU), high = hn::Set(wide, row >> 32);
    for (Index b = 0; b < blocks; b += lanes, out += 16 * lanes) {
      const WideVec block = hn::Add(even, hn::Set(wide, static_cast<std::uint64_t>(b)));
      Four x{block, domain, low, high}, y{hn::Add(block, one), domain, low, high};
      rounds(x, y, stream.seed);
      hn::StoreInterleaved4(merged(x.c0, y.c0), merged(x.c1, y.c1), merged(x.c2, y.c2), merged(x.c3, y.c3), Words(),
                            reinterpret_cast<std::uint32_t*>(out));
    }
  }
}

void columns(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint32_t* out) {
  const Wide wide;
  const Words words;
  const WideVec even = hn::ShiftLeft<1>(hn::Iota(wide, 0)), one = hn::Set(wide, 1), domain = hn::Set(wide, stream.domain);
  for (Index r = 0; r < count; r += lanes) {
    const WideVec row = hn::Add(even, hn::Set(wide, first + static_cast<std::uint64_t>(r))), next = hn::Add(row, one);
    for (Index b = 0; b < blocks; ++b) {
      const WideVec block = hn::Set(wide, static_cast<std::uint64_t>(b));
      Four x{block, domain, row, hn::ShiftRight<32>(row)}, y{block, domain, next, hn::ShiftRight<32>(next)};
      rounds(x, y, stream.seed);
      std::uint32_t* to = out + 4 * b * count + r;
      hn::StoreU(merged(x.c0, y.c0), words, to);
      hn::StoreU(merged(x.c1, y.c1), words, to + count);
      hn::StoreU(merged(x.c2, y.c2), words, to + 2 * count);
      hn::StoreU(merged(x.c3, y.c3), words, to + 3 * count);
    }
  }
}

#endif

}  // namespace

void philox_rows(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  rows(stream, first, count, blocks, out);
}
void philox_columns(const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint32_t* out) {
  columns(stream, first, count, blocks, out);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(philox_rows);
HWY_EXPORT(philox_columns);
namespace kernels {

BitBlock philox_block(std::uint64_t seed, const BitBlock& counter) {
  const r123::Philox4x32::key_type key = {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  const r123::Philox4x32::ctr_type from = {{counter[0], counter[1], counter[2], counter[3]}};
  const auto word = r123::Philox4x32()(from, key);
  return {word[0], word[1], word[2], word[3]};
}

void philox_rows(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint8_t* out) {
  GOSSAN_DISPATCH(philox_rows)(stream, first, rows, blocks, out);
}
void philox_columns(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint32_t* out) {
  GOSSAN_DISPATCH(philox_columns)(stream, first, rows, blocks, out);
}

}  // namespace kernels
}  // namespace gossan
#endif
