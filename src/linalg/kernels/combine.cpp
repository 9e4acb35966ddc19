#include "linalg/kernels/combine.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
constexpr Index combine_lanes = hn::MaxLanes(D());

// One vector of the result. The terms are dealt to four sums, so that each addition need not wait for the last.
HWY_INLINE auto column(const double* c, Index terms, const double* rows, Index stride) {
  const D d;
  auto sum0 = hn::Zero(d), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  Index k = 0;
  for (; k + 4 <= terms; k += 4, rows += 4 * stride) {
    sum0 = hn::MulAdd(hn::Set(d, c[k]), hn::LoadU(d, rows), sum0);
    sum1 = hn::MulAdd(hn::Set(d, c[k + 1]), hn::LoadU(d, rows + stride), sum1);
    sum2 = hn::MulAdd(hn::Set(d, c[k + 2]), hn::LoadU(d, rows + 2 * stride), sum2);
    sum3 = hn::MulAdd(hn::Set(d, c[k + 3]), hn::LoadU(d, rows + 3 * stride), sum3);
  }
  for (; k < terms; ++k, rows += stride) sum0 = hn::MulAdd(hn::Set(d, c[k]), hn::LoadU(d, rows), sum0);
  return hn::Add(hn::Add(sum0, sum1), hn::Add(sum2, sum3));
}

void combine(const double* c, Index terms, const double* rows, Index stride, Index n, double* out) {
  const D d;
  Index j = 0;
  for (; j + combine_lanes <= n; j += combine_lanes) hn::StoreU(column(c, terms, rows + j, stride), d, out + j);
  if (j == n) return;
  const auto rest = hn::FirstN(d, static_cast<std::size_t>(n - j));
  hn::BlendedStore(column(c, terms, rows + j, stride), rest, d, out + j);
}

}  // namespace gossan::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {
namespace {

HWY_EXPORT(combine);

}  // namespace

void combine(const double* c, Index terms, const double* rows, Index stride, Index n, double* out) {
  GOSSAN_DISPATCH(combine)(c, terms, rows, stride, n, out);
}

}  // namespace gossan
#endif
