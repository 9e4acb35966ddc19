// Compiled with -ffp-contract=off: what is drawn must not depend on whether a machine multiplies and adds at once.
#include "linalg/kernels/normal_rows.hpp"

#include <hwy/highway.h>

#include <bit>
#include <cmath>

#include "linalg/kernels/simd.hpp"

#ifndef GOSSAN_NORMAL_COEFFICIENTS
#define GOSSAN_NORMAL_COEFFICIENTS
namespace gossan::normal {

// log(1 + f) = f + f^2 (q0 + q1 f + ...) for 1 + f from sqrt(1/2) to sqrt(2).
inline constexpr float q[] = {-0x1.fffff4p-2F, 0x1.5556e8p-2F, -0x1.0006c6p-2F, 0x1.98da1ep-3F,
                              -0x1.52fb0ap-3F, 0x1.30d15cp-3F, -0x1.27766ap-3F, 0x1.6fcd3ep-4F};
inline constexpr float ln2 = 0x1.62e430p-1F;
inline constexpr std::int32_t sqrt_half = 0x3f3504f3;  // bits of the float, rounded down
inline constexpr std::int32_t fraction = 0x7fffff;     // bits of a float beneath its exponent
// sin(g pi / 2) = g (s0 + s1 g^2 + ...) and cos(g pi / 2) = 1 + g^2 (c0 + c1 g^2 + ...) for |g| <= 1/2.
inline constexpr float s[] = {0x1.921fb6p+0F, -0x1.4abbc0p-1F, 0x1.46605ap-4F, -0x1.2dd648p-8F};
inline constexpr float c[] = {-0x1.3bd3a2p+0F, 0x1.03b162p-2F, -0x1.4ea9e8p-6F};
inline constexpr std::uint32_t sign = 0x80000000, odd = 0x40000000;

}  // namespace gossan::normal
#endif

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace {

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void draw(std::uint8_t* rows, Index words) {
  for (Index k = 0; k < words; k += 2, rows += 8) {
    std::uint32_t pair[2];
    __builtin_memcpy(pair, rows, 8);
    const std::array<float, 2> numbers = normal_pair(pair[0], pair[1]);
    __builtin_memcpy(rows, numbers.data(), 8);
  }
}

void add(const float* rows, Index count, Index entries, const double* w, double* S) {
  for (Index i = 0; i < count; ++i, rows += entries)
    for (Index e = 0; e < entries; ++e) S[e] += w[i] * static_cast<double>(rows[e]);
}

#else

namespace hn = hwy::HWY_NAMESPACE;
using Words = hn::ScalableTag<std::uint32_t>;
using Ints = hn::ScalableTag<std::int32_t>;
using Floats = hn::ScalableTag<float>;
using WordVec = hn::Vec<Words>;
using FloatVec = hn::Vec<Floats>;

// (... (last x + ...) x + first) x + ..., each product and each sum rounded.
template <std::size_t count>
HWY_INLINE FloatVec polynomial(const float (&coefficients)[count], FloatVec x) {
  const Floats f;
  FloatVec sum = hn::Set(f, coefficients[count - 1]);
  HWY_UNROLL(8)
  for (std::size_t k = count - 1; k-- > 0;) sum = hn::Add(hn::Mul(sum, x), hn::Set(f, coefficients[k]));
  return sum;
}

HWY_INLINE FloatVec radius_of(WordVec word) {
  const Floats f;
  const Ints i;
  const auto u = hn::Add(hn::Mul(hn::ConvertTo(f, word), hn::Set(f, 0x1p-32F)), hn::Set(f, 0x1p-33F));
  const auto above = hn::Sub(hn::BitCast(i, u), hn::Set(i, normal::sqrt_half));
  const auto exponent = hn::ConvertTo(f, hn::ShiftRight<23>(above));
  const auto m = hn::BitCast(f, hn::Add(hn::And(above, hn::Set(i, normal::fraction)), hn::Set(i, normal::sqrt_half)));
  const auto x = hn::Sub(m, hn::Set(f, 1.0F));
  const auto near = hn::Add(x, hn::Mul(hn::Mul(x, x), polynomial(normal::q, x)));
  const auto log = hn::Add(hn::Mul(exponent, hn::Set(f, normal::ln2)), near);
  return hn::Sqrt(hn::Mul(hn::Set(f, -2.0F), log));
}

HWY_INLINE void pairs(WordVec radius, WordVec angle, WordVec& first, WordVec& second) {
  const Floats f;
  const Words d;
  const auto g = hn::Mul(hn::ConvertTo(f, hn::BitCast(Ints(), hn::ShiftLeft<2>(angle))), hn::Set(f, 0x1p-32F));
  const auto t = hn::Mul(g, g);
  const auto sine = hn::Mul(g, polynomial(normal::s, t));
  const auto cosine = hn::Add(hn::Set(f, 1.0F), hn::Mul(t, polynomial(normal::c, t)));
  const auto odd = hn::RebindMask(f, hn::TestBit(angle, hn::Set(d, normal::odd)));
  const auto r = radius_of(radius), a = hn::Mul(r, hn::IfThenElse(odd, sine, cosine));
  const auto b = hn::Mul(r, hn::IfThenElse(odd, cosine, sine)), sign = hn::BitCast(f, hn::Set(d, normal::sign));
  const auto turned = hn::BitCast(f, hn::Xor(angle, hn::ShiftLeft<1>(angle)));
  first = hn::BitCast(d, hn::Xor(a, hn::And(turned, sign)));
  second = hn::BitCast(d, hn::Xor(b, hn::And(hn::BitCast(f, angle), sign)));
}

HWY_INLINE WordVec up(WordVec v) {
  return hn::BitCast(Words(), hn::ShiftLeft<32>(hn::BitCast(hn::Repartition<std::uint64_t, Words>(), v)));
}
HWY_INLINE WordVec down(WordVec v) {
  return hn::BitCast(Words(), hn::ShiftRight<32>(hn::BitCast(hn::Repartition<std::uint64_t, Words>(), v)));
}

// Two vectors at a time: the words of the radii of both, and those of the angles, side by side.
void draw(std::uint8_t* rows, Index words) {
  const Words d;
  constexpr Index lanes = static_cast<Index>(HWY_LANES(std::uint32_t));
  auto* at = reinterpret_cast<std::uint32_t*>(rows);
  for (Index k = 0; k < words; k += 2 * lanes, at += 2 * lanes) {
    const auto x = hn::Load(d, at), y = hn::Load(d, at + lanes);
    WordVec first, second;
    pairs(hn::OddEven(up(y), x), hn::OddEven(y, down(x)), first, second);
    hn::Store(hn::OddEven(up(second), first), d, at);
    hn::Store(hn::OddEven(second, down(first)), d, at + lanes);
  }
}

void add(const float* rows, Index count, Index entries, const double* w, double* S) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> singles;
  const auto lanes = static_cast<Index>(hn::Lanes(d));
  for (Index e = 0; e < entries; e += lanes) {
    auto total = hn::Load(d, S + e);
    for (Index i = 0; i < count; ++i)
      total = hn::MulAdd(hn::PromoteTo(d, hn::Load(singles, rows + i * entries + e)), hn::Set(d, w[i]), total);
    hn::Store(total, d, S + e);
  }
}

#endif

}  // namespace

void normal_draw_rows(std::uint8_t* rows, Index count, Index entries) { draw(rows, count * entries); }
void normal_add_rows(const float* rows, Index count, Index entries, const double* w, double* S) {
  add(rows, count, entries, w, S);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
namespace {

template <std::size_t count>
float polynomial(const float (&coefficients)[count], float x) {
  float sum = coefficients[count - 1];
  for (std::size_t k = count - 1; k-- > 0;) sum = sum * x + coefficients[k];
  return sum;
}

float radius_of(std::uint32_t word) {
  const float u = static_cast<float>(word) * 0x1p-32F + 0x1p-33F;
  const std::int32_t above = std::bit_cast<std::int32_t>(u) - normal::sqrt_half;
  const float x = std::bit_cast<float>((above & normal::fraction) + normal::sqrt_half) - 1;
  const float log = static_cast<float>(above >> 23) * normal::ln2 + (x + x * x * polynomial(normal::q, x));
  return std::sqrt(-2 * log);
}

}  // namespace

std::array<float, 2> normal_pair(std::uint32_t radius, std::uint32_t angle) {
  const float r = radius_of(radius), g = static_cast<float>(static_cast<std::int32_t>(angle << 2)) * 0x1p-32F, t = g * g;
  const float sine = r * (g * polynomial(normal::s, t)), cosine = r * (1 + t * polynomial(normal::c, t));
  switch (angle >> 30) {
    case 0:
      return {cosine, sine};
    case 1:
      return {-sine, cosine};
    case 2:
      return {-cosine, -sine};
    default:
      return {sine, -cosine};
  }
}

HWY_EXPORT(normal_draw_rows);
HWY_EXPORT(normal_add_rows);

void normal_draw(std::uint8_t* rows, Index count, Index entries) { GOSSAN_DISPATCH(normal_draw_rows)(rows, count, entries); }
void normal_add(const float* rows, Index count, Index entries, const double* w, double* S) {
  GOSSAN_DISPATCH(normal_add_rows)(rows, count, entries, w, S);
}

}  // namespace gossan
#endif
