#include "linalg/kernels/gather.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"
#include "linalg/kernels/tails-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using GatherTag = hn::ScalableTag<double>;
constexpr Index gather_lanes = hn::MaxLanes(GatherTag());

// Vectors j, j + 1, ... of the sum stay in registers over all the rows.
template <int vectors>
HWY_INLINE void add_strip(Index count, const std::uint32_t* index, const double* w, const double* rows, Index stride,
                          double* out) {
  const GatherTag d;
  hn::Vec<GatherTag> sum[vectors];
  for (int v = 0; v < vectors; ++v) sum[v] = hn::LoadU(d, out + v * gather_lanes);
  for (Index k = 0; k < count; ++k) {
    const double* row = rows + static_cast<Index>(index[k]) * stride;
    const auto weight = hn::Set(d, w[k]);
    for (int v = 0; v < vectors; ++v) sum[v] = hn::MulAdd(weight, hn::LoadU(d, row + v * gather_lanes), sum[v]);
  }
  for (int v = 0; v < vectors; ++v) hn::StoreU(sum[v], d, out + v * gather_lanes);
}

void gather_add(Index count, const std::uint32_t* index, const double* w, const double* rows, Index stride, Index length,
                double* out) {
  const GatherTag d;
  constexpr int strip = 7;
  Index j = 0;
  for (; j + strip * gather_lanes <= length; j += strip * gather_lanes)
    add_strip<strip>(count, index, w, rows + j, stride, out + j);
  for (; j + 2 * gather_lanes <= length; j += 2 * gather_lanes) add_strip<2>(count, index, w, rows + j, stride, out + j);
  for (; j < length; j += gather_lanes) {
    const Index rest = length - j;
    auto sum = load_first(d, out + j, rest);
    for (Index k = 0; k < count; ++k)
      sum = hn::MulAdd(hn::Set(d, w[k]), load_first(d, rows + static_cast<Index>(index[k]) * stride + j, rest), sum);
    store_first(d, sum, out + j, rest);
  }
}

void gather_dots(Index count, const std::uint32_t* index, const double* rows, Index stride, Index length, const double* x,
                 double* z) {
  const GatherTag d;
  for (Index k = 0; k < count; ++k) {
    const double* row = rows + static_cast<Index>(index[k]) * stride;
    auto sum0 = hn::Zero(d), sum1 = sum0;
    Index j = 0;
    for (; j + 2 * gather_lanes <= length; j += 2 * gather_lanes) {
      sum0 = hn::MulAdd(hn::LoadU(d, row + j), hn::LoadU(d, x + j), sum0);
      sum1 = hn::MulAdd(hn::LoadU(d, row + j + gather_lanes), hn::LoadU(d, x + j + gather_lanes), sum1);
    }
    for (; j < length; j += gather_lanes)
      sum0 = hn::MulAdd(load_first(d, row + j, length - j), load_first(d, x + j, length - j), sum0);
    z[k] = hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1)));
  }
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
namespace {

HWY_EXPORT(gather_add);
HWY_EXPORT(gather_dots);

}  // namespace

void gather_add(Index count, const std::uint32_t* index, const double* w, const double* rows, Index stride, Index length,
                double* out) {
  GOSSAN_DISPATCH(gather_add)(count, index, w, rows, stride, length, out);
}

void gather_dots(Index count, const std::uint32_t* index, const double* rows, Index stride, Index length, const double* x,
                 double* z) {
  GOSSAN_DISPATCH(gather_dots)(count, index, rows, stride, length, x, z);
}

}  // namespace gossan
#endif
