#include "linalg/kernels/multiply_add.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Twelve chains: two multiply-adds a cycle, four to six cycles each, keep no more in flight, and sixteen registers hold them.
// Each starts elsewhere, or they would be one chain to an optimiser.
template <class Real>
double Burst(Index rounds, Real by, Real plus, Real* sum) {
  const hn::ScalableTag<Real> d;
  const auto m = hn::Set(d, by), p = hn::Set(d, plus);
  auto a = p, b = hn::Add(a, p), c = hn::Add(b, p), e = hn::Add(c, p), f = hn::Add(e, p), g = hn::Add(f, p);
  auto h = hn::Add(g, p), i = hn::Add(h, p), j = hn::Add(i, p), k = hn::Add(j, p), l = hn::Add(k, p), o = hn::Add(l, p);
  for (Index round = 0; round < rounds; ++round) {
    a = hn::MulAdd(a, m, p), b = hn::MulAdd(b, m, p), c = hn::MulAdd(c, m, p), e = hn::MulAdd(e, m, p);
    f = hn::MulAdd(f, m, p), g = hn::MulAdd(g, m, p), h = hn::MulAdd(h, m, p), i = hn::MulAdd(i, m, p);
    j = hn::MulAdd(j, m, p), k = hn::MulAdd(k, m, p), l = hn::MulAdd(l, m, p), o = hn::MulAdd(o, m, p);
  }
  a = hn::Add(hn::Add(hn::Add(a, b), hn::Add(c, e)), hn::Add(hn::Add(f, g), hn::Add(h, i)));
  a = hn::Add(a, hn::Add(hn::Add(j, k), hn::Add(l, o)));
  *sum = hn::GetLane(a);
  return 2.0 * 12.0 * static_cast<double>(rounds) * static_cast<double>(hn::Lanes(d));
}

double BurstDouble(Index rounds, double by, double plus, double* sum) { return Burst(rounds, by, plus, sum); }
double BurstFloat(Index rounds, float by, float plus, float* sum) { return Burst(rounds, by, plus, sum); }

}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(BurstDouble);
HWY_EXPORT(BurstFloat);

double multiply_adds(Index rounds, double by, double plus, double* sum) {
  return GOSSAN_DISPATCH(BurstDouble)(rounds, by, plus, sum);
}
double multiply_adds(Index rounds, float by, float plus, float* sum) {
  return GOSSAN_DISPATCH(BurstFloat)(rounds, by, plus, sum);
}

}  // namespace gossan
#endif
