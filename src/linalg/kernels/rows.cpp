// Several rows share one pass over M or S: eight of them, or four where two blocks of eight would not stay in the second-level
// cache.
#include "linalg/kernels/rows.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// --- numbers as double or single vectors -----------------------------------------------------------------------------------
template <class D>
using Vec = decltype(hn::Zero(D()));

template <class D>
HWY_INLINE Vec<D> load(D d, const hn::TFromD<D>* from) {
  return hn::LoadU(d, from);
}
HWY_INLINE Vec<hn::ScalableTag<double>> load(hn::ScalableTag<double> d, const float* from) {
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<float, decltype(d)>(), from));
}
template <class D>
HWY_INLINE auto load_single(D d, const Half* from) {
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<hwy::float16_t, D>(), reinterpret_cast<const hwy::float16_t*>(from)));
}
template <class D>
HWY_INLINE auto load_single(D d, const BFloat* from) {
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<hwy::bfloat16_t, D>(), reinterpret_cast<const hwy::bfloat16_t*>(from)));
}
template <class D>
HWY_INLINE auto load_single(D d, const Biased* from) {
  const hn::Rebind<std::int32_t, D> whole;
  const auto biased = hn::PromoteTo(whole, hn::LoadU(hn::Rebind<std::uint8_t, D>(), &from->bits));
  return hn::ConvertTo(d, hn::Sub(biased, hn::Set(whole, 128)));
}
template <class T>
HWY_INLINE auto load(hn::ScalableTag<float> d, const T* from) -> decltype(load_single(d, from)) {
  return load_single(d, from);
}
template <class T, class D = hn::ScalableTag<double>>
HWY_INLINE auto load(hn::ScalableTag<double> d, const T* from)
    -> decltype(hn::PromoteTo(d, load_single(hn::Rebind<float, D>(), from))) {
  return hn::PromoteTo(d, load_single(hn::Rebind<float, D>(), from));
}

// --- what is fetched ahead -------------------------------------------------------------------------------------------------
// Half as many lines as a step reads.
template <std::size_t step_bytes>
HWY_INLINE void fetch(const char*& ahead) {
  for (std::size_t line = 0; line < step_bytes / 128; ++line) {
    __builtin_prefetch(ahead, 0, 2);  // into the second-level cache; the first is too small
    ahead += 64;
  }
}

// Vectors of a row a step: as many sums as hide the latency of an addition, and no more than there are registers.
template <int B>
constexpr int unroll = HWY_MAX_BYTES >= 64 || B < 8 ? 2 : 1;

// --- z = rows M ------------------------------------------------------------------------------------------------------------
template <int B, int U, class Real, class T>
HWY_INLINE Index dots_steps(const T* rows, Index length, const Real* M, const char*& ahead, Index j,
                            Vec<hn::ScalableTag<Real>> (&sums)[B][2]) {
  const hn::ScalableTag<Real> d;
  constexpr Index lanes = hn::MaxLanes(d);
  for (; j + U * lanes <= length; j += U * lanes) {
    Vec<decltype(d)> m[U];
    for (int u = 0; u < U; ++u) m[u] = hn::LoadU(d, M + j + u * lanes);
    for (int b = 0; b < B; ++b) {
      for (int u = 0; u < U; ++u) sums[b][u] = hn::MulAdd(load(d, rows + b * length + j + u * lanes), m[u], sums[b][u]);
    }
    fetch<Index{B} * U * lanes * sizeof(T)>(ahead);
  }
  return j;
}

template <int B, class Real, class T>
HWY_INLINE void dots_of(const T* rows, Index length, const Real* M, const char*& ahead, Real* z) {
  const hn::ScalableTag<Real> d;
  Vec<decltype(d)> sums[B][2];
  for (int b = 0; b < B; ++b) sums[b][0] = sums[b][1] = hn::Zero(d);
  Index j = dots_steps<B, unroll<B>>(rows, length, M, ahead, 0, sums);
  if constexpr (unroll<B> != 1) j = dots_steps<B, 1>(rows, length, M, ahead, j, sums);
  for (int b = 0; b < B; ++b) z[b] = hn::GetLane(hn::SumOfLanes(d, hn::Add(sums[b][0], sums[b][1])));
  if constexpr (std::is_same_v<T, double>) {
    for (; j < length; ++j) {
      for (int b = 0; b < B; ++b) z[b] += rows[b * length + j] * M[j];
    }
  }
}

// --- S += sum_b w_b row_b --------------------------------------------------------------------------------------------------
template <int B, int U, class Real, class T>
HWY_INLINE Index add_steps(const T* rows, Index length, const Vec<hn::ScalableTag<Real>> (&w)[B], const char*& ahead, Index j,
                           Real* S) {
  const hn::ScalableTag<Real> d;
  constexpr Index lanes = hn::MaxLanes(d);
  for (; j + U * lanes <= length; j += U * lanes) {
    Vec<decltype(d)> sum[U];
    for (int u = 0; u < U; ++u) sum[u] = hn::LoadU(d, S + j + u * lanes);
    for (int b = 0; b < B; ++b) {
      for (int u = 0; u < U; ++u) sum[u] = hn::MulAdd(load(d, rows + b * length + j + u * lanes), w[b], sum[u]);
    }
    for (int u = 0; u < U; ++u) hn::StoreU(sum[u], d, S + j + u * lanes);
    fetch<Index{B} * U * lanes * sizeof(T)>(ahead);
  }
  return j;
}

template <int B, class Real, class T>
HWY_INLINE void add_of(const T* rows, Index length, const Real* w, const char*& ahead, Real* S) {
  const hn::ScalableTag<Real> d;
  Vec<decltype(d)> weights[B];
  for (int b = 0; b < B; ++b) weights[b] = hn::Set(d, w[b]);
  Index j = add_steps<B, unroll<B>>(rows, length, weights, ahead, 0, S);
  if constexpr (unroll<B> != 1) j = add_steps<B, 1>(rows, length, weights, ahead, j, S);
  if constexpr (std::is_same_v<T, double>) {
    for (; j < length; ++j) {
      for (int b = 0; b < B; ++b) S[j] += rows[b * length + j] * w[b];
    }
  }
}

// --- any number of rows ----------------------------------------------------------------------------------------------------
template <class T, class Real>
void dots(const T* rows, Index count, Index length, const Real* M, const char* ahead, Real* z) {
  Index b = 0;
  for (; b + 8 <= count; b += 8) dots_of<8>(rows + b * length, length, M, ahead, z + b);
  for (; b + 4 <= count; b += 4) dots_of<4>(rows + b * length, length, M, ahead, z + b);
  for (; b < count; ++b) dots_of<1>(rows + b * length, length, M, ahead, z + b);
}

template <class T, class Real>
void add(const T* rows, Index count, Index length, const Real* w, const char* ahead, Real* S) {
  Index b = 0;
  for (; b + 8 <= count; b += 8) add_of<8>(rows + b * length, length, w + b, ahead, S);
  for (; b + 4 <= count; b += 4) add_of<4>(rows + b * length, length, w + b, ahead, S);
  for (; b < count; ++b) add_of<1>(rows + b * length, length, w + b, ahead, S);
}

RowKernels<double> double_rows() { return {dots<double, double>, add<double, double>}; }
template <class T>
RowKernels<T> small_rows() {
  return {dots<T, double>, dots<T, float>, add<T, float>};
}
RowKernels<float> single_rows() { return small_rows<float>(); }
RowKernels<Half> half_rows() { return small_rows<Half>(); }
RowKernels<BFloat> bfloat_rows() { return small_rows<BFloat>(); }
RowKernels<Biased> biased_rows() { return small_rows<Biased>(); }

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
namespace {

HWY_EXPORT(double_rows);
HWY_EXPORT(single_rows);
HWY_EXPORT(half_rows);
HWY_EXPORT(bfloat_rows);
HWY_EXPORT(biased_rows);

}  // namespace

template <>
RowKernels<double> row_kernels() {
  return GOSSAN_DISPATCH(double_rows)();
}
template <>
RowKernels<float> row_kernels() {
  return GOSSAN_DISPATCH(single_rows)();
}
template <>
RowKernels<Half> row_kernels() {
  return GOSSAN_DISPATCH(half_rows)();
}
template <>
RowKernels<BFloat> row_kernels() {
  return GOSSAN_DISPATCH(bfloat_rows)();
}
template <>
RowKernels<Biased> row_kernels() {
  return GOSSAN_DISPATCH(biased_rows)();
}

}  // namespace gossan
#endif
