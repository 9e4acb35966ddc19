#include "linalg/kernels/columns.hpp"

#include <hwy/highway.h>

#include <algorithm>

#include "linalg/kernels/simd.hpp"
#include "linalg/kernels/tails-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
constexpr Index lanes = static_cast<Index>(hn::MaxLanes(D()));

void column_dots(Index m, Index n, const double* P, const double* Q, Index stride, double* z) {
  const D d;
  for (Index j = 0; j < n; j += lanes) {
    const Index count = std::min(lanes, n - j);
    auto sum = hn::Zero(d);
    for (Index i = 0; i < m; ++i)
      sum = hn::MulAdd(load_first(d, P + i * stride + j, count), load_first(d, Q + i * stride + j, count), sum);
    store_first(d, sum, z + j, count);
  }
}

void scale_columns(Index m, Index n, const double* w, double* P, Index stride) {
  const D d;
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < n; j += lanes) {
      const Index count = std::min(lanes, n - j);
      double* p = P + i * stride + j;
      store_first(d, hn::Mul(load_first(d, w + j, count), load_first(d, p, count)), p, count);
    }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(column_dots);
HWY_EXPORT(scale_columns);

void column_dots(Index m, Index n, const double* P, const double* Q, Index stride, double* z) {
  GOSSAN_DISPATCH(column_dots)(m, n, P, Q, stride, z);
}

void scale_columns(Index m, Index n, const double* w, double* P, Index stride) {
  GOSSAN_DISPATCH(scale_columns)(m, n, w, P, stride);
}

}  // namespace gossan
#endif
