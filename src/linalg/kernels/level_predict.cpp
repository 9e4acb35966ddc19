// Levels and predictions of level_rows.hpp.
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "linalg/kernels/level_rows.hpp"
#include "linalg/kernels/simd.hpp"
#include "linalg/kernels/vnni-inl.hpp"

GOSSAN_BEFORE_VNNI_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3_DL

// --- VNNI: levels + 128 in unsigned bytes, times signed digits -----------------------------------------------------------

using Bytes = hn::ScalableTag<std::uint8_t>;
using Ints = hn::ScalableTag<std::int32_t>;

void draw(std::uint8_t* rows, Index bytes) {
  alignas(64) std::uint8_t levels[128];
  for (int b = 0; b < 128; ++b) levels[b] = static_cast<std::uint8_t>(gaussian_level(static_cast<std::uint8_t>(b)) + 128);
  const Bytes d;
  const auto plus = hn::Load(d, levels), minus = hn::Load(d, levels + 64);
  for (Index k = 0; k < bytes; k += 64) {
    const auto random = hn::Load(d, rows + k);
    hn::Store(hn::Vec<Bytes>{_mm512_permutex2var_epi8(plus.raw, random.raw, minus.raw)}, d, rows + k);
  }
}

constexpr int digits_of(bool rough) { return rough ? 3 : 6; }

// Digits of 64 entries lie together, the lowest first.
void layout(const double* M, Index entries, double largest, bool rough, LevelForm& form) {
  const int digits = digits_of(rough);
  form.unit = largest > 0 ? std::ldexp(1.0, std::max(std::ilogb(largest) + 3 - 8 * digits, -1022)) : 1;
  form.digit_sums.fill(0);
  for (Index e = 0; e < entries; ++e) {
    auto rest = static_cast<std::int64_t>(std::nearbyint(M[e] / form.unit));
    std::uint8_t* to = form.data.data() + e / 64 * 64 * digits + e % 64;
    for (int k = 0; k < digits; ++k) {
      const auto digit = static_cast<std::int8_t>(rest);
      rest = (rest - digit) / 256;
      to[64 * k] = static_cast<std::uint8_t>(digit);
      form.digit_sums[static_cast<std::size_t>(k)] += digit;
    }
  }
}

HWY_INLINE std::int64_t total(hn::Vec<Ints> sums) {
  const hn::ScalableTag<std::int64_t> wide;
  const hn::Half<Ints> half;
  const auto both = hn::Add(hn::PromoteTo(wide, hn::LowerHalf(half, sums)), hn::PromoteTo(wide, hn::UpperHalf(half, sums)));
  return hn::GetLane(hn::SumOfLanes(wide, both));
}

// Four rows times all digits over at most 2^19 entries: no sum of 32 bits overflows.
template <int digits>
HWY_INLINE void dot(const std::uint8_t* rows, Index stride, Index entries, const std::uint8_t* form, std::int64_t (*sums)[6]) {
  const Bytes d;
  hn::Vec<Ints> sum[4][digits];
  HWY_UNROLL(4) for (int r = 0; r < 4; ++r) { HWY_UNROLL(6) for (int k = 0; k < digits; ++k) sum[r][k] = hn::Zero(Ints()); }
  for (Index e = 0; e < entries; e += 64) {
    const auto a = hn::Load(d, rows + e), b = hn::Load(d, rows + stride + e);
    const auto c = hn::Load(d, rows + 2 * stride + e), f = hn::Load(d, rows + 3 * stride + e);
    HWY_UNROLL(6) for (int k = 0; k < digits; ++k, form += 64) {
      const auto digit = hn::Load(d, form);
      sum[0][k].raw = _mm512_dpbusd_epi32(sum[0][k].raw, a.raw, digit.raw);
      sum[1][k].raw = _mm512_dpbusd_epi32(sum[1][k].raw, b.raw, digit.raw);
      sum[2][k].raw = _mm512_dpbusd_epi32(sum[2][k].raw, c.raw, digit.raw);
      sum[3][k].raw = _mm512_dpbusd_epi32(sum[3][k].raw, f.raw, digit.raw);
    }
  }
  HWY_UNROLL(4) for (int r = 0; r < 4; ++r) { HWY_UNROLL(6) for (int k = 0; k < digits; ++k) sums[r][k] += total(sum[r][k]); }
}

template <int digits>
void predict(const std::uint8_t* rows, Index count, Index entries, const LevelForm& form, double* z) {
  constexpr Index most = Index{1} << 19;
  for (Index i = 0; i < count; i += 4) {
    std::int64_t sums[4][6] = {};
    for (Index e = 0; e < entries; e += most)
      dot<digits>(rows + i * entries + e, entries, std::min(most, entries - e), form.data.data() + e * digits, sums);
    for (Index r = 0; r < 4; ++r) {
      double sum = 0;
      for (int k = digits; k-- > 0;)
        sum = 256 * sum + static_cast<double>(sums[r][k] - 128 * form.digit_sums[static_cast<std::size_t>(k)]);
      z[i + r] = form.unit * sum;
    }
  }
}

void predict(const std::uint8_t* rows, Index count, Index entries, const LevelForm& form, bool rough, double* z) {
  if (rough)
    predict<digits_of(true)>(rows, count, entries, form, z);
  else
    predict<digits_of(false)>(rows, count, entries, form, z);
}

#else

// --- elsewhere: levels in signed bytes, times floating-point numbers -----------------------------------------------------

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void draw(std::uint8_t* rows, Index bytes) {
  for (Index k = 0; k < bytes; ++k) rows[k] = static_cast<std::uint8_t>(gaussian_level(rows[k]));
}

#else

// Looks all four tables of 16 up and keeps what bits 4 and 5 say.
void draw(std::uint8_t* rows, Index bytes) {
  const hn::ScalableTag<std::uint8_t> d;
  alignas(16) std::uint8_t levels[64];
  for (std::size_t k = 0; k < 64; ++k) levels[k] = static_cast<std::uint8_t>(gaussian_levels[k]);
  const auto t0 = hn::LoadDup128(d, levels), t1 = hn::LoadDup128(d, levels + 16);
  const auto t2 = hn::LoadDup128(d, levels + 32), t3 = hn::LoadDup128(d, levels + 48);
  for (Index k = 0; k < bytes; k += static_cast<Index>(hn::Lanes(d))) {
    const auto random = hn::Load(d, rows + k), low = hn::And(random, hn::Set(d, 15));
    const auto bit4 = hn::TestBit(random, hn::Set(d, 16)), bit5 = hn::TestBit(random, hn::Set(d, 32));
    const auto near = hn::IfThenElse(bit4, hn::TableLookupBytes(t1, low), hn::TableLookupBytes(t0, low));
    const auto far = hn::IfThenElse(bit4, hn::TableLookupBytes(t3, low), hn::TableLookupBytes(t2, low));
    const auto level = hn::IfThenElse(bit5, far, near);
    const auto minus = hn::VecFromMask(d, hn::TestBit(random, hn::Set(d, 64)));
    hn::Store(hn::Sub(hn::Xor(level, minus), minus), d, rows + k);
  }
}

#endif

void layout(const double* M, Index entries, double, bool rough, LevelForm& form) {
  form.unit = 1;
  auto* floats = reinterpret_cast<float*>(form.data.data());
  auto* doubles = reinterpret_cast<double*>(form.data.data());
  for (Index e = 0; e < entries; ++e)
    if (rough)
      floats[e] = static_cast<float>(M[e]);
    else
      doubles[e] = M[e];
}

template <class D>
HWY_INLINE hn::Vec<D> levels_at(D d, const std::uint8_t* at) {
  const hn::Rebind<std::int8_t, D> bytes;
  const hn::Rebind<std::int32_t, D> ints;
  const auto level = hn::PromoteTo(ints, hn::LoadU(bytes, reinterpret_cast<const std::int8_t*>(at)));
  if constexpr (sizeof(hn::TFromD<D>) == 8)
    return hn::PromoteTo(d, level);
  else
    return hn::ConvertTo(d, level);
}

// Single precision adds up no more than 1024 entries before it goes to the total.
template <class D>
HWY_INLINE void dot(D d, const std::uint8_t* rows, Index stride, Index entries, const hn::TFromD<D>* M, double* z) {
  constexpr Index part = 1024;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  std::fill(z, z + 4, 0.0);
  for (Index begin = 0; begin < entries; begin += part) {
    auto z0 = hn::Zero(d), z1 = z0, z2 = z0, z3 = z0;
    for (Index e = begin; e < std::min(entries, begin + part); e += lanes) {
      const auto m = hn::Load(d, M + e);
      z0 = hn::MulAdd(levels_at(d, rows + e), m, z0);
      z1 = hn::MulAdd(levels_at(d, rows + stride + e), m, z1);
      z2 = hn::MulAdd(levels_at(d, rows + 2 * stride + e), m, z2);
      z3 = hn::MulAdd(levels_at(d, rows + 3 * stride + e), m, z3);
    }
    z[0] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, z0)));
    z[1] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, z1)));
    z[2] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, z2)));
    z[3] += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, z3)));
  }
}

void predict(const std::uint8_t* rows, Index count, Index entries, const LevelForm& form, bool rough, double* z) {
  const hn::ScalableTag<float> floats;
  const hn::ScalableTag<double> doubles;
  for (Index i = 0; i < count; i += 4)
    if (rough)
      dot(floats, rows + i * entries, entries, entries, reinterpret_cast<const float*>(form.data.data()), z + i);
    else
      dot(doubles, rows + i * entries, entries, entries, reinterpret_cast<const double*>(form.data.data()), z + i);
}

#endif

}  // namespace

void level_draw_rows(std::uint8_t* rows, Index count, Index entries) { draw(rows, count * entries); }
void level_layout_rows(const double* M, Index entries, double largest, bool rough, LevelForm& form) {
  layout(M, entries, largest, rough, form);
}
void level_predict_rows(const std::uint8_t* rows, Index count, Index entries, const LevelForm& form, bool rough, double* z) {
  predict(rows, count, entries, form, rough, z);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(level_draw_rows);
HWY_EXPORT(level_layout_rows);
HWY_EXPORT(level_predict_rows);

void level_draw(std::uint8_t* rows, Index count, Index entries) { GOSSAN_DISPATCH(level_draw_rows)(rows, count, entries); }
void level_layout(const double* M, Index entries, double largest, bool rough, LevelForm& form) {
  form.data.resize(static_cast<std::size_t>(8 * entries));
  GOSSAN_DISPATCH(level_layout_rows)(M, entries, largest, rough, form);
}
void level_predict(const std::uint8_t* rows, Index count, Index entries, const LevelForm& form, bool rough, double* z) {
  GOSSAN_DISPATCH(level_predict_rows)(rows, count, entries, form, rough, z);
}

}  // namespace gossan
#endif
