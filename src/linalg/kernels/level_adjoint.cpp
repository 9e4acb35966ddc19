// Adjoints of level_rows.hpp.
#include <hwy/highway.h>

#include "linalg/kernels/level_rows.hpp"
#include "linalg/kernels/simd.hpp"
#include "linalg/kernels/vnni-inl.hpp"

GOSSAN_BEFORE_VNNI_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3_DL

constexpr int offset = 128;  // of the levels in their bytes

using Bytes = hn::ScalableTag<std::uint8_t>;
using Shorts = hn::ScalableTag<std::uint16_t>;
using Ints = hn::ScalableTag<std::int32_t>;

// Four rows, their bytes side by side, times four signs.
struct Quad {
  hn::Vec<Ints> s0, s1, s2, s3;
  HWY_INLINE void add(const std::uint8_t* rows, Index stride, hn::Vec<Ints> signs) {
    const Bytes d;
    const Shorts pairs;
    const auto a = hn::Load(d, rows), b = hn::Load(d, rows + stride);
    const auto c = hn::Load(d, rows + 2 * stride), e = hn::Load(d, rows + 3 * stride);
    const auto ab = hn::BitCast(pairs, hn::InterleaveLower(d, a, b)), AB = hn::BitCast(pairs, hn::InterleaveUpper(d, a, b));
    const auto ce = hn::BitCast(pairs, hn::InterleaveLower(d, c, e)), CE = hn::BitCast(pairs, hn::InterleaveUpper(d, c, e));
    s0.raw = _mm512_dpbusd_epi32(s0.raw, hn::InterleaveLower(pairs, ab, ce).raw, signs.raw);
    s1.raw = _mm512_dpbusd_epi32(s1.raw, hn::InterleaveUpper(pairs, ab, ce).raw, signs.raw);
    s2.raw = _mm512_dpbusd_epi32(s2.raw, hn::InterleaveLower(pairs, AB, CE).raw, signs.raw);
    s3.raw = _mm512_dpbusd_epi32(s3.raw, hn::InterleaveUpper(pairs, AB, CE).raw, signs.raw);
  }
};

void count(const std::uint8_t* rows, Index rows_count, Index entries, const std::int8_t* signs, std::int32_t* sum) {
  const Ints d;
  std::int32_t all = 0;
  for (Index i = 0; i < rows_count; ++i) all += signs[i];
  const auto correction = hn::Set(d, -offset * all);
  for (Index e = 0; e < entries; e += 64, sum += 64) {
    Quad quad{hn::Add(hn::Load(d, sum), correction), hn::Add(hn::Load(d, sum + 16), correction),
              hn::Add(hn::Load(d, sum + 32), correction), hn::Add(hn::Load(d, sum + 48), correction)};
    for (Index i = 0; i < rows_count; i += 4) {
      std::int32_t four = 0;
      __builtin_memcpy(&four, signs + i, 4);
      quad.add(rows + i * entries + e, entries, hn::Set(d, four));
    }
    hn::Store(quad.s0, d, sum);
    hn::Store(quad.s1, d, sum + 16);
    hn::Store(quad.s2, d, sum + 32);
    hn::Store(quad.s3, d, sum + 48);
  }
}

// Where interleaving by blocks of 16 bytes leaves the sum of an entry.
Index place_of(Index e) { return e / 64 * 64 + e / 4 % 4 * 16 + e / 16 % 4 * 4 + e % 4; }

#else

constexpr int offset = 0;

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void count(const std::uint8_t* rows, Index rows_count, Index entries, const std::int8_t* signs, std::int32_t* sum) {
  for (Index i = 0; i < rows_count; ++i, rows += entries)
    for (Index e = 0; e < entries; ++e) sum[e] += signs[i] * static_cast<std::int8_t>(rows[e]);
}

#else

// In 16 bits, which hold the sums of 256 rows.
void count(const std::uint8_t* rows, Index rows_count, Index entries, const std::int8_t* signs, std::int32_t* sum) {
  static_assert(most_level_rows * gaussian_levels[63] < (1 << 15));
  const hn::ScalableTag<std::int16_t> d;
  const hn::Rebind<std::int8_t, decltype(d)> bytes;
  const hn::ScalableTag<std::int32_t> ints;
  const hn::Half<decltype(d)> half;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  for (Index e = 0; e < entries; e += lanes, sum += lanes) {
    auto part = hn::Zero(d);
    for (Index i = 0; i < rows_count; ++i) {
      const auto level = hn::LoadU(bytes, reinterpret_cast<const std::int8_t*>(rows + i * entries + e));
      part = hn::Add(part, hn::Mul(hn::PromoteTo(d, level), hn::Set(d, signs[i])));
    }
    hn::Store(hn::Add(hn::Load(ints, sum), hn::PromoteTo(ints, hn::LowerHalf(half, part))), ints, sum);
    hn::Store(hn::Add(hn::Load(ints, sum + lanes / 2), hn::PromoteTo(ints, hn::UpperHalf(half, part))), ints, sum + lanes / 2);
  }
}

#endif

Index place_of(Index e) { return e; }

#endif

void sums(const std::int32_t* sum, Index entries, double weight, double* S) {
  for (Index e = 0; e < entries; ++e) S[e] += weight * sum[place_of(e)];
}

void add(const std::uint8_t* rows, Index rows_count, Index entries, const double* w, double* S) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<std::uint8_t, decltype(d)> bytes;
  const hn::Rebind<std::int32_t, decltype(d)> ints;
  const auto zero = hn::Set(ints, offset);
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  for (Index e = 0; e < entries; e += lanes) {
    auto total = hn::Load(d, S + e);
    for (Index i = 0; i < rows_count; ++i) {
      const auto byte = hn::LoadU(bytes, rows + i * entries + e);
      const auto level = offset == 0 ? hn::PromoteTo(ints, hn::BitCast(hn::Rebind<std::int8_t, decltype(d)>(), byte))
                                     : hn::Sub(hn::PromoteTo(ints, byte), zero);
      total = hn::MulAdd(hn::PromoteTo(d, level), hn::Set(d, w[i]), total);
    }
    hn::Store(total, d, S + e);
  }
}

}  // namespace

void level_count_rows(const std::uint8_t* rows, Index rows_count, Index entries, const std::int8_t* signs, std::int32_t* sum) {
  count(rows, rows_count, entries, signs, sum);
}
void level_sums_rows(const std::int32_t* sum, Index entries, double weight, double* S) { sums(sum, entries, weight, S); }
void level_add_rows(const std::uint8_t* rows, Index rows_count, Index entries, const double* w, double* S) {
  add(rows, rows_count, entries, w, S);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(level_count_rows);
HWY_EXPORT(level_sums_rows);
HWY_EXPORT(level_add_rows);

void level_count(const std::uint8_t* rows, Index count, Index entries, const std::int8_t* signs, std::int32_t* sum) {
  GOSSAN_DISPATCH(level_count_rows)(rows, count, entries, signs, sum);
}
void level_sums(const std::int32_t* sum, Index entries, double weight, double* S) {
  GOSSAN_DISPATCH(level_sums_rows)(sum, entries, weight, S);
}
void level_add(const std::uint8_t* rows, Index count, Index entries, const double* w, double* S) {
  GOSSAN_DISPATCH(level_add_rows)(rows, count, entries, w, S);
}

}  // namespace gossan
#endif
