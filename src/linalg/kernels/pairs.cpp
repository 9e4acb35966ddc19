#include "linalg/kernels/pairs.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"
#include "linalg/kernels/tails-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
constexpr Index pair_lanes = static_cast<Index>(hn::MaxLanes(D()));

void difference_dots(Index count, const Index* i, const Index* j, const double* L, const double* R, Index r, double* z) {
  const D d;
  const Index whole = r / pair_lanes * pair_lanes;
  for (Index e = 0; e < count; ++e) {
    const double *Li = L + i[e] * r, *Lj = L + j[e] * r, *Ri = R + i[e] * r, *Rj = R + j[e] * r;
    V sum = hn::Zero(d);
    for (Index k = 0; k < whole; k += pair_lanes) {
      const V left = hn::Sub(hn::LoadU(d, Li + k), hn::LoadU(d, Lj + k));
      const V right = L == R ? left : hn::Sub(hn::LoadU(d, Ri + k), hn::LoadU(d, Rj + k));
      sum = hn::MulAdd(left, right, sum);
    }
    if (whole < r) {
      const auto load = [&](const double* row) HWY_ATTR { return load_first(d, row + whole, r - whole); };
      const V left = hn::Sub(load(Li), load(Lj));
      const V right = L == R ? left : hn::Sub(load(Ri), load(Rj));
      sum = hn::MulAdd(left, right, sum);
    }
    z[e] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

// `width` vectors of g at a time, the last of which may be a part.
template <int width>
void sum_columns(Index count, const Touch* touches, const double* w, const double* f, const double* F, Index r, Index first,
                 Index last_count, double* g) {
  const D d;
  const auto load = [&](const double* row, int v)
                        HWY_ATTR { return load_first(d, row + first + v * pair_lanes, v + 1 < width ? pair_lanes : last_count); };
  V own[width], sum[width];
  for (int v = 0; v < width; ++v) own[v] = load(f, v);
  for (int v = 0; v < width; ++v) sum[v] = hn::Zero(d);
  for (Index t = 0; t < count; ++t) {
    const V weight = hn::Set(d, w[touches[t].measurement]);
    const double* other = F + touches[t].other * r;
    for (int v = 0; v < width; ++v) sum[v] = hn::MulAdd(weight, hn::Sub(own[v], load(other, v)), sum[v]);
  }
  for (int v = 0; v < width; ++v) store_first(d, sum[v], g + first + v * pair_lanes, v + 1 < width ? pair_lanes : last_count);
}

void sum_differences(Index count, const Touch* touches, const double* w, const double* f, const double* F, Index r, double* g) {
  Index k = 0;
  for (; k + 2 * pair_lanes < r; k += 2 * pair_lanes) sum_columns<2>(count, touches, w, f, F, r, k, pair_lanes, g);
  if (k + pair_lanes < r)
    sum_columns<2>(count, touches, w, f, F, r, k, r - k - pair_lanes, g);
  else
    sum_columns<1>(count, touches, w, f, F, r, k, r - k, g);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(difference_dots);
HWY_EXPORT(sum_differences);

void difference_dots(Index count, const Index* i, const Index* j, const double* L, const double* R, Index r, double* z) {
  GOSSAN_DISPATCH(difference_dots)(count, i, j, L, R, r, z);
}

void sum_differences(Index count, const Touch* touches, const double* w, const double* f, const double* F, Index r, double* g) {
  GOSSAN_DISPATCH(sum_differences)(count, touches, w, f, F, r, g);
}

}  // namespace gossan
#endif
