// Products of unsigned bytes with signed ones: digits of M to the base 256 in the dots, signs of weights in the sum of rows. All
// but the last steps are integers, hence exact.
#include "linalg/kernels/rows_i8.hpp"

#include <hwy/highway.h>

#include <algorithm>

#include "linalg/kernels/simd.hpp"
#include "linalg/kernels/vnni-inl.hpp"

GOSSAN_BEFORE_VNNI_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_AVX3_DL

namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<std::uint8_t>;
using Shorts = hn::ScalableTag<std::int16_t>;
using Ints = hn::ScalableTag<std::int32_t>;
using Doubles = hn::ScalableTag<double>;

// Half as many lines as a step over B rows reads, into the second-level cache.
template <int B>
HWY_INLINE void fetch(const char*& ahead) {
  HWY_UNROLL(4) for (int line = 0; line < B / 2; ++line) __builtin_prefetch(ahead + 64 * line, 0, 2);
  ahead += 64 * (B / 2);
}

// B rows; where there are fewer, the first again.
template <int B>
HWY_INLINE void point(const Biased* rows, Index count, Index length, const std::uint8_t* (&row)[B]) {
  for (Index b = 0; b < B; ++b) row[b] = &rows[b < count ? b * length : 0].bits;
}

// --- z = rows M ------------------------------------------------------------------------------------------------------------
// Sums of three neighbouring digits make one number: below 2^52, exact.
HWY_INLINE double number(const hn::Vec<Ints>* digits) {
  const Doubles d;
  const hn::Half<Ints> half;
  const auto base = hn::Set(d, 256.0);
  const auto join = [&](auto s0, auto s1, auto s2) HWY_ATTR {
    return hn::MulAdd(hn::MulAdd(hn::PromoteTo(d, s2), base, hn::PromoteTo(d, s1)), base, hn::PromoteTo(d, s0));
  };
  const auto low = join(hn::LowerHalf(half, digits[0]), hn::LowerHalf(half, digits[1]), hn::LowerHalf(half, digits[2]));
  const auto high = join(hn::UpperHalf(half, digits[0]), hn::UpperHalf(half, digits[1]), hn::UpperHalf(half, digits[2]));
  return hn::GetLane(hn::SumOfLanes(d, hn::Add(low, high)));
}

// parts[b][0] += the lower three digits' sums, parts[b][1] += the upper ones', over so few entries that 32 bits hold them.
template <int B, int digits>
HWY_INLINE void dots_of(const std::uint8_t* const (&row)[B], Index first, Index last, const std::uint8_t* M, const char*& ahead,
                        double (&parts)[B][2]) {
  const Bytes d;
  hn::Vec<Ints> sum[B][digits];
  HWY_UNROLL(8) for (int b = 0; b < B; ++b) { HWY_UNROLL(6) for (int k = 0; k < digits; ++k) sum[b][k] = hn::Zero(Ints()); }
  for (Index e = first; e < last; e += 64, M += 64 * digits) {
    hn::Vec<Bytes> digit[digits];
    HWY_UNROLL(6) for (int k = 0; k < digits; ++k) digit[k] = hn::Load(d, M + 64 * k);
    HWY_UNROLL(8) for (int b = 0; b < B; ++b) {
      const auto a = hn::Load(d, row[b] + e);
      HWY_UNROLL(6) for (int k = 0; k < digits; ++k) sum[b][k].raw = _mm512_dpbusd_epi32(sum[b][k].raw, a.raw, digit[k].raw);
    }
    fetch<B>(ahead);
  }
  HWY_UNROLL(8) for (int b = 0; b < B; ++b) {
    parts[b][0] += number(sum[b]);
    if constexpr (digits == 6) parts[b][1] += number(sum[b] + 3);
  }
}

double offset_of(const std::int64_t* digit_sums) {
  return 128 * static_cast<double>((digit_sums[2] * 256 + digit_sums[1]) * 256 + digit_sums[0]);
}

// B digits sums are as many as there are registers for.
template <int B, int digits>
void dots(const Biased* rows, Index count, Index length, const LevelForm& M, const char* ahead, double* z) {
  constexpr Index most = Index{1} << 19;
  const double offsets[] = {offset_of(M.digit_sums.data()), offset_of(M.digit_sums.data() + 3)};
  for (Index at = 0; at < count; at += B) {
    const std::uint8_t* row[B];
    point(rows + at * length, count - at, length, row);
    double parts[B][2] = {};
    for (Index e = 0; e < length; e += most)
      dots_of<B, digits>(row, e, std::min(length, e + most), M.data.data() + e * digits, ahead, parts);
    for (Index b = 0; b < std::min<Index>(B, count - at); ++b) {
      double value = parts[b][0] - offsets[0];
      if (digits == 6) value += 0x1p24 * (parts[b][1] - offsets[1]);
      z[at + b] = M.unit * value;
    }
  }
}

void any_dots(const Biased* rows, Index count, Index length, const LevelForm& M, bool rough, const char* ahead, double* z) {
  if (!rough) return dots<4, 6>(rows, count, length, M, ahead, z);
  if (count <= 4) return dots<4, 3>(rows, count, length, M, ahead, z);
  dots<8, 3>(rows, count, length, M, ahead, z);
}

// --- sums += sum_b signs_b row_b -------------------------------------------------------------------------------------------
// Two rows, their bytes side by side, times two signs. Each 16 bytes leave the sums of their first eight in one vector, of the
// others in the next.
HWY_INLINE void add_pair(const std::uint8_t* row, const std::uint8_t* next, hn::Vec<Shorts> signs, hn::Vec<Shorts>& lower,
                         hn::Vec<Shorts>& upper) {
  const Bytes d;
  const auto a = hn::Load(d, row), b = hn::Load(d, next);
  const hn::Vec<Shorts> low{_mm512_maddubs_epi16(hn::InterleaveLower(d, a, b).raw, signs.raw)};
  const hn::Vec<Shorts> high{_mm512_maddubs_epi16(hn::InterleaveUpper(d, a, b).raw, signs.raw)};
  lower = hn::Add(lower, low);
  upper = hn::Add(upper, high);
}

template <int B>
void add_rows(const Biased* rows, Index count, Index length, const std::int8_t* signs, const char* ahead, std::int16_t* sums) {
  const Shorts d;
  for (Index at = 0; at < count; at += B) {
    const std::uint8_t* row[B];
    point(rows + at * length, count - at, length, row);
    std::int8_t padded[B] = {};
    std::copy_n(signs + at, std::min<Index>(B, count - at), padded);
    std::int16_t pairs[B / 2];
    __builtin_memcpy(pairs, padded, sizeof pairs);
    hn::Vec<Shorts> both[B / 2];
    HWY_UNROLL(4) for (int p = 0; p < B / 2; ++p) both[p] = hn::Set(d, pairs[p]);
    for (Index e = 0; e < length; e += 64) {
      auto lower = hn::Load(d, sums + e), upper = hn::Load(d, sums + e + 32);
      HWY_UNROLL(4) for (int p = 0; p < B / 2; ++p) add_pair(row[2 * p] + e, row[2 * p + 1] + e, both[p], lower, upper);
      hn::Store(lower, d, sums + e);
      hn::Store(upper, d, sums + e + 32);
      fetch<B>(ahead);
    }
  }
}

void add(const Biased* rows, Index count, Index length, const std::int8_t* signs, const char* ahead, std::int16_t* sums) {
  if (count <= 4) return add_rows<4>(rows, count, length, signs, ahead, sums);
  add_rows<8>(rows, count, length, signs, ahead, sums);
}

void collect(std::int16_t* sums, Index length, int signs, double weight, double* S) {
  const Doubles d;
  const hn::Rebind<std::int16_t, Doubles> shorts;
  const hn::Rebind<std::int32_t, Doubles> ints;
  const auto w = hn::Set(d, weight);
  const auto offset = hn::Set(ints, 128 * signs);
  const auto take = [&](std::int16_t* from, double* to) HWY_ATTR {
    const auto sum = hn::PromoteTo(d, hn::Sub(hn::PromoteTo(ints, hn::Load(shorts, from)), offset));
    hn::Store(hn::MulAdd(sum, w, hn::Load(d, to)), d, to);
    hn::Store(hn::Zero(shorts), shorts, from);
  };
  for (Index e = 0; e < length; e += 64) {
    for (Index block = 0; block < 4; ++block) {
      take(sums + e + 8 * block, S + e + 16 * block);
      take(sums + e + 8 * block + 32, S + e + 16 * block + 8);
    }
  }
}

constexpr ByteKernels kernels{any_dots, add, collect};

#else

constexpr ByteKernels kernels{nullptr, nullptr, nullptr};

#endif

}  // namespace

ByteKernels byte_kernels_of_level() { return kernels; }

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(byte_kernels_of_level);

ByteKernels byte_kernels() { return GOSSAN_DISPATCH(byte_kernels_of_level)(); }

}  // namespace gossan
#endif
