// Adjoints of sign_rows.hpp.
#include <hwy/highway.h>

#include <array>

#include "linalg/kernels/sign_rows.hpp"
#include "linalg/kernels/simd.hpp"

#ifndef GOSSAN_SIGN_ADJOINT_ONCE
#define GOSSAN_SIGN_ADJOINT_ONCE
namespace gossan::kernels {
// The bits of a byte, each in a byte of its own.
constexpr std::array<std::uint64_t, 256> spread_bits() {
  std::array<std::uint64_t, 256> spread{};
  for (std::size_t x = 0; x < 256; ++x)
    for (std::size_t b = 0; b < 8; ++b) spread[x] |= static_cast<std::uint64_t>(x >> b & 1) << (8 * b);
  return spread;
}
}  // namespace gossan::kernels
#endif

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2

using Bits = hn::ScalableTag<std::uint32_t>;
using Bytes = hn::ScalableTag<std::uint8_t>;
using BitVec = hn::Vec<Bits>;
using ByteVec = hn::Vec<Bytes>;
constexpr Index word_lanes = static_cast<Index>(HWY_LANES(std::uint32_t));

// A full adder in every bit: a + b + sum = sum' + 2 carry.
HWY_INLINE BitVec carry_of(BitVec& sum, BitVec a, BitVec b) {
#if HWY_TARGET == HWY_AVX2
  const BitVec differ = hn::Xor(a, b), carry = hn::Or(hn::And(a, b), hn::And(differ, sum));
  sum = hn::Xor(differ, sum);
  return carry;
#else
  const BitVec carry{_mm512_ternarylogic_epi32(a.raw, b.raw, sum.raw, 0xE8)};  // the majority
  sum = BitVec{_mm512_ternarylogic_epi32(a.raw, b.raw, sum.raw, 0x96)};
  return carry;
#endif
}

// Reads the vectors of one word in turn.
struct Reader {
  const std::uint32_t *bits, *flip, *keep;
  HWY_INLINE BitVec next() {
    const Bits d;
    const BitVec x = hn::And(hn::Xor(hn::Load(d, bits), hn::Load(d, flip)), hn::Load(d, keep));
    bits += word_lanes;
    flip += word_lanes;
    keep += word_lanes;
    return x;
  }
};

// What 16 vectors add up to, bit by bit: ones + 2 twos + 4 fours + 8 eights + 16 sixteens.
struct Planes {
  BitVec ones, twos, fours, eights, sixteens;
};

HWY_INLINE BitVec twos_of_two(Planes& p, Reader& in) {
  const BitVec a = in.next();
  return carry_of(p.ones, a, in.next());
}
HWY_INLINE BitVec fours_of_four(Planes& p, Reader& in) {
  const BitVec a = twos_of_two(p, in);
  return carry_of(p.twos, a, twos_of_two(p, in));
}
HWY_INLINE BitVec eights_of_eight(Planes& p, Reader& in) {
  const BitVec a = fours_of_four(p, in);
  return carry_of(p.fours, a, fours_of_four(p, in));
}
HWY_INLINE Planes planes_of_sixteen(Reader& in) {
  const BitVec zero = hn::Zero(Bits());
  Planes p{zero, zero, zero, zero, zero};
  const BitVec a = eights_of_eight(p, in);
  p.sixteens = carry_of(p.eights, a, eights_of_eight(p, in));
  return p;
}

// bytes += value where the plane has a bit: lane by lane of 32 entries, as many lanes side by side as a vector has bytes
// for.
HWY_INLINE void spread(BitVec plane, std::uint8_t value, ByteVec& bytes) {
  const Bytes d;
  alignas(64) std::uint8_t bits[4 * word_lanes];
  hn::Store(hn::BitCast(d, plane), d, bits);
  const ByteVec add = hn::Set(d, value);
  constexpr Index step = word_lanes / 2;  // bytes of bits for one vector of bytes
  for (Index k = 0; k < 4 * word_lanes; k += step) {
#if HWY_TARGET == HWY_AVX2
    bytes = hn::Add(bytes, hn::IfThenElseZero(hn::LoadMaskBits(d, bits + k), add));
#else
    bytes.raw = _mm512_mask_add_epi8(bytes.raw, hn::LoadMaskBits(d, bits + k).raw, bytes.raw, add.raw);
#endif
  }
}

void count(const std::uint32_t* bits, Index words, const std::uint32_t* flip, const std::uint32_t* keep, std::int32_t* sum) {
  const Bytes d;
  for (Index k = 0; k < words; ++k, bits += sign_lanes, sum += 32)
    for (Index m = 0; m < sign_lanes; m += 16 * word_lanes) {
      Reader in{bits + m, flip + m, keep + m};
      const Planes planes = planes_of_sixteen(in);
      ByteVec bytes = hn::Zero(d);  // at most 16 of each of 8 lanes
      spread(planes.ones, 1, bytes);
      spread(planes.twos, 2, bytes);
      spread(planes.fours, 4, bytes);
      spread(planes.eights, 8, bytes);
      spread(planes.sixteens, 16, bytes);
      alignas(64) std::uint8_t each[4 * word_lanes];
      hn::Store(bytes, d, each);
      for (Index b = 0; b < 4 * word_lanes; ++b) sum[b % 32] += each[b];
    }
}

#else

void count(const std::uint32_t* bits, Index words, const std::uint32_t* flip, const std::uint32_t* keep, std::int32_t* sum) {
  static constexpr auto spread = kernels::spread_bits();
  for (Index k = 0; k < words; ++k, bits += sign_lanes, sum += 32)
    for (Index m = 0; m < sign_lanes; m += 128) {  // no byte overflows
      std::uint64_t bytes[4] = {};
      for (Index i = m; i < m + 128; ++i) {
        const std::uint32_t x = (bits[i] ^ flip[i]) & keep[i];
        for (Index b = 0; b < 4; ++b) bytes[b] += spread[x >> (8 * b) & 0xFF];
      }
      for (Index b = 0; b < 32; ++b) sum[b] += static_cast<std::int32_t>(bytes[b / 8] >> (8 * (b % 8)) & 0xFF);
    }
}

#endif

// Sums w over the set bits: S = 2 sum - sum of all w.
void add(const std::uint32_t* bits, Index words, const double* w, double* S) {
  const hn::ScalableTag<double> d;
  const hn::ScalableTag<std::uint64_t> u;
  constexpr Index word_lanes = static_cast<Index>(HWY_LANES(double));
  double all = 0;
  for (Index m = 0; m < sign_lanes; ++m) all += w[m];
  const auto total = hn::Set(d, all);
  for (Index k = 0; k < words; ++k, bits += sign_lanes)
    for (Index b = 0; b < 32; b += word_lanes, S += word_lanes) {
      auto sum = hn::Zero(d);
      const auto bit = hn::Shl(hn::Set(u, 1), hn::Iota(u, static_cast<std::uint64_t>(b)));
      for (Index m = 0; m < sign_lanes; ++m) {
        const auto set = hn::TestBit(hn::Set(u, bits[m]), bit);
        sum = hn::Add(sum, hn::IfThenElseZero(hn::RebindMask(d, set), hn::Set(d, w[m])));
      }
      hn::StoreU(hn::Add(hn::LoadU(d, S), hn::Sub(hn::Add(sum, sum), total)), d, S);
    }
}

}  // namespace

void sign_count_lanes(const std::uint32_t* bits, Index words, const std::uint32_t* flip, const std::uint32_t* keep,
                      std::int32_t* sum) {
  count(bits, words, flip, keep, sum);
}
void sign_add_lanes(const std::uint32_t* bits, Index words, const double* w, double* S) { add(bits, words, w, S); }

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(sign_count_lanes);
HWY_EXPORT(sign_add_lanes);

void sign_count(const std::uint32_t* bits, Index words, const std::uint32_t* flip, const std::uint32_t* keep,
                std::int32_t* count) {
  GOSSAN_DISPATCH(sign_count_lanes)(bits, words, flip, keep, count);
}
void sign_add(const std::uint32_t* bits, Index words, const double* w, double* S) {
  GOSSAN_DISPATCH(sign_add_lanes)(bits, words, w, S);
}

}  // namespace gossan
#endif
