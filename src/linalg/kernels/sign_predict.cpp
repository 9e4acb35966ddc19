// Predictions of sign_rows.hpp.
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "linalg/kernels/sign_rows.hpp"
#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3
constexpr Index group = 4;
constexpr int shift = 4;
template <class T>
using Indices = hn::Indices512<T>;
#elif HWY_TARGET == HWY_AVX2
constexpr Index group = 3;
constexpr int shift = 3;
template <class T>
using Indices = hn::Indices256<T>;
#else
constexpr Index group = 4;
#endif
constexpr Index groups = (32 + group - 1) / group;  // of a word; the last may be short
constexpr Index choices = Index{1} << group;

// Sums of +-M over the entries of each group, for every choice of signs.
template <class T, class Convert>
void fill(const double* M, Index words, T* table, Convert convert) {
  for (Index k = 0; k < words; ++k, M += 32)
    for (Index g = 0; g < groups; ++g, table += choices) {
      const Index size = std::min(group, 32 - g * group);
      decltype(convert(0.0)) entry[4] = {}, sums[16];
      for (Index b = 0; b < size; ++b) entry[b] = convert(M[g * group + b]);
      sums[0] = -(entry[0] + entry[1] + entry[2] + entry[3]);
      for (Index b = 0; b < group; ++b)
        for (Index v = 0; v < (Index{1} << b); ++v) sums[v + (Index{1} << b)] = sums[v] + 2 * entry[b];
      for (Index v = 0; v < choices; ++v) table[v] = static_cast<T>(sums[v]);
    }
}

void table_rough(const double* M, Index words, float* T) {
  fill(M, words, T, [](double m) { return m; });
}

void table_exact(const double* M, Index words, double unit, std::int32_t* T) {
  const auto high = [unit](double m) { return static_cast<std::int32_t>(std::nearbyint(m / unit * 0x1p-24)); };
  const auto low = [unit, high](double m) { return static_cast<std::int32_t>(std::nearbyint(m / unit - 0x1p24 * high(m))); };
  fill(M, words, T, high);
  fill(M, words, T + words * sign_table_per_word, low);
}

#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2

using Bits = hn::ScalableTag<std::uint32_t>;
using Floats = hn::ScalableTag<float>;
using Ints = hn::ScalableTag<std::int32_t>;
using Doubles = hn::ScalableTag<double>;
using BitVec = hn::Vec<Bits>;
constexpr Index float_lanes = static_cast<Index>(HWY_LANES(float));

// The instruction reads the low bits of an index and ignores the others.
template <class T, class V>
HWY_INLINE V looked_up(V table, BitVec bits) {
  return hn::TableLookupLanes(table, Indices<T>{bits.raw});
}

// Four vectors of measurements. Single precision adds up no more than four words before it goes to the total.
HWY_INLINE void predict_rough_lanes(const std::uint32_t* bits, Index words, const float* T, float* z) {
  const Bits d;
  const Floats f;
  auto z0 = hn::Zero(f), z1 = z0, z2 = z0, z3 = z0;
  for (Index k = 0; k < words;) {
    auto s0 = hn::Zero(f), s1 = s0, s2 = s0, s3 = s0;
    for (const Index stop = k + 4; k < stop; ++k, bits += sign_lanes) {
      auto b0 = hn::Load(d, bits), b1 = hn::Load(d, bits + float_lanes);
      auto b2 = hn::Load(d, bits + 2 * float_lanes), b3 = hn::Load(d, bits + 3 * float_lanes);
      for (Index g = 0; g < groups; ++g, T += choices) {
        const auto t = hn::Load(f, T);
        s0 = hn::Add(s0, looked_up<float>(t, b0));
        s1 = hn::Add(s1, looked_up<float>(t, b1));
        s2 = hn::Add(s2, looked_up<float>(t, b2));
        s3 = hn::Add(s3, looked_up<float>(t, b3));
        b0 = hn::ShiftRight<shift>(b0);
        b1 = hn::ShiftRight<shift>(b1);
        b2 = hn::ShiftRight<shift>(b2);
        b3 = hn::ShiftRight<shift>(b3);
      }
    }
    z0 = hn::Add(z0, s0);
    z1 = hn::Add(z1, s1);
    z2 = hn::Add(z2, s2);
    z3 = hn::Add(z3, s3);
  }
  hn::StoreU(z0, f, z);
  hn::StoreU(z1, f, z + float_lanes);
  hn::StoreU(z2, f, z + 2 * float_lanes);
  hn::StoreU(z3, f, z + 3 * float_lanes);
}

void predict_rough(const std::uint32_t* bits, Index words, const float* T, float* z) {
  for (Index m = 0; m < sign_lanes; m += 4 * float_lanes) predict_rough_lanes(bits + m, words, T, z + m);
}

struct Sum {
  hn::Vec<Doubles> lower, upper;
  HWY_INLINE Sum() : lower(hn::Zero(Doubles())), upper(lower) {}
  HWY_INLINE void add(hn::Vec<Ints> sums) {
    const hn::Half<Ints> half;
    lower = hn::Add(lower, hn::PromoteTo(Doubles(), hn::LowerHalf(half, sums)));
    upper = hn::Add(upper, hn::PromoteTo(Doubles(), hn::UpperHalf(half, sums)));
  }
};

HWY_INLINE void store(const Sum& high, const Sum& low, double unit, double* z) {
  const Doubles d;
  const auto base = hn::Set(d, 0x1p24), scale = hn::Set(d, unit);
  hn::StoreU(hn::Mul(hn::MulAdd(high.lower, base, low.lower), scale), d, z);
  hn::StoreU(hn::Mul(hn::MulAdd(high.upper, base, low.upper), scale), d, z + float_lanes / 2);
}

// Two vectors of measurements. Of four words no integer sum exceeds 2^30.
HWY_INLINE void predict_exact_lanes(const std::uint32_t* bits, Index words, double unit, const std::int32_t* high,
                                    const std::int32_t* low, double* z) {
  const Bits d;
  const Ints i;
  Sum high0, high1, low0, low1;
  for (Index k = 0; k < words;) {
    auto h0 = hn::Zero(i), h1 = h0, l0 = h0, l1 = h0;
    for (const Index stop = k + 4; k < stop; ++k, bits += sign_lanes) {
      auto b0 = hn::Load(d, bits), b1 = hn::Load(d, bits + float_lanes);
      for (Index g = 0; g < groups; ++g, high += choices, low += choices) {
        const auto h = hn::Load(i, high), l = hn::Load(i, low);
        h0 = hn::Add(h0, looked_up<std::int32_t>(h, b0));
        h1 = hn::Add(h1, looked_up<std::int32_t>(h, b1));
        l0 = hn::Add(l0, looked_up<std::int32_t>(l, b0));
        l1 = hn::Add(l1, looked_up<std::int32_t>(l, b1));
        b0 = hn::ShiftRight<shift>(b0);
        b1 = hn::ShiftRight<shift>(b1);
      }
    }
    high0.add(h0);
    high1.add(h1);
    low0.add(l0);
    low1.add(l1);
  }
  store(high0, low0, unit, z);
  store(high1, low1, unit, z + float_lanes);
}

void predict_exact(const std::uint32_t* bits, Index words, double unit, const std::int32_t* T, double* z) {
  for (Index m = 0; m < sign_lanes; m += 2 * float_lanes)
    predict_exact_lanes(bits + m, words, unit, T, T + words * sign_table_per_word, z + m);
}

#else

// Sums of one measurement, four words at a time as everywhere.
template <class T>
double looked_up(const std::uint32_t* bits, Index words, const T* table) {
  double sum = 0;
  for (Index k = 0; k < words;) {
    T part = 0;
    for (const Index stop = k + 4; k < stop; ++k, bits += sign_lanes)
      for (Index g = 0; g < groups; ++g, table += choices) part += table[(*bits >> (group * g)) % choices];
    sum += part;
  }
  return sum;
}

void predict_rough(const std::uint32_t* bits, Index words, const float* T, float* z) {
  for (Index m = 0; m < sign_lanes; ++m) z[m] = static_cast<float>(looked_up(bits + m, words, T));
}

void predict_exact(const std::uint32_t* bits, Index words, double unit, const std::int32_t* T, double* z) {
  for (Index m = 0; m < sign_lanes; ++m)
    z[m] = unit * (0x1p24 * looked_up(bits + m, words, T) + looked_up(bits + m, words, T + words * sign_table_per_word));
}

#endif

}  // namespace

void sign_table_rough(const double* M, Index words, float* T) { table_rough(M, words, T); }
void sign_table_exact(const double* M, Index words, double unit, std::int32_t* T) { table_exact(M, words, unit, T); }
void sign_predict_rough(const std::uint32_t* bits, Index words, const float* T, float* z) { predict_rough(bits, words, T, z); }
void sign_predict_exact(const std::uint32_t* bits, Index words, double unit, const std::int32_t* T, double* z) {
  predict_exact(bits, words, unit, T, z);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
HWY_EXPORT(sign_table_rough);
HWY_EXPORT(sign_table_exact);
HWY_EXPORT(sign_predict_rough);
HWY_EXPORT(sign_predict_exact);

double sign_unit(double largest) { return largest > 0 ? std::ldexp(1.0, std::max(std::ilogb(largest) - 46, -1022)) : 1; }

void sign_table(const double* M, Index words, float* T) { GOSSAN_DISPATCH(sign_table_rough)(M, words, T); }
void sign_table(const double* M, Index words, double unit, std::int32_t* T) {
  GOSSAN_DISPATCH(sign_table_exact)(M, words, unit, T);
}
void sign_predict(const std::uint32_t* bits, Index words, const float* T, float* z) {
  GOSSAN_DISPATCH(sign_predict_rough)(bits, words, T, z);
}
void sign_predict(const std::uint32_t* bits, Index words, double unit, const std::int32_t* T, double* z) {
  GOSSAN_DISPATCH(sign_predict_exact)(bits, words, unit, T, z);
}

}  // namespace gossan
#endif
