#include "linalg/kernels/judge.hpp"

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// As many numbers of either type as a vector of doubles has.
using Doubles = hn::ScalableTag<double>;
template <class T>
using Tag = hn::Rebind<T, Doubles>;

HWY_ATTR HWY_INLINE hn::Vec<Doubles> widen(hn::Vec<Doubles> v) { return v; }
HWY_ATTR HWY_INLINE hn::Vec<Doubles> widen(hn::Vec<Tag<float>> v) { return hn::PromoteTo(Doubles(), v); }
HWY_ATTR HWY_INLINE hn::Vec<Doubles> narrow(Tag<double>, hn::Vec<Doubles> v) { return v; }
HWY_ATTR HWY_INLINE hn::Vec<Tag<float>> narrow(Tag<float> d, hn::Vec<Doubles> v) { return hn::DemoteTo(d, v); }

template <class D>
struct Judged {
  hn::Vec<D> loss, weight;
};

struct Absolute {
  template <class D>
  HWY_ATTR HWY_INLINE Judged<D> operator()(D d, hn::Vec<D> r) const {
    const auto one = hn::Set(d, hn::TFromD<D>{1}), zero = hn::Zero(d);
    const auto above = hn::IfThenElseZero(hn::Gt(r, zero), one), below = hn::IfThenElseZero(hn::Lt(r, zero), one);
    return {hn::Abs(r), hn::Sub(above, below)};
  }
};

struct Squared {
  template <class D>
  HWY_ATTR HWY_INLINE Judged<D> operator()(D d, hn::Vec<D> r) const {
    return {hn::Mul(hn::Mul(hn::Set(d, static_cast<hn::TFromD<D>>(0.5)), r), r), r};
  }
};

struct Huber {
  double delta;

  // Comparisons and choices instead of Min and Max: a NaN must stay one.
  template <class D>
  HWY_ATTR HWY_INLINE Judged<D> operator()(D d, hn::Vec<D> r) const {
    const auto bound = hn::Set(d, static_cast<hn::TFromD<D>>(delta)), half = hn::Set(d, static_cast<hn::TFromD<D>>(0.5));
    const auto w = hn::IfThenElse(hn::Gt(hn::Abs(r), bound), hn::CopySign(bound, r), r);
    return {hn::Mul(hn::Abs(w), hn::NegMulAdd(half, hn::Abs(w), hn::Abs(r))), w};
  }
};

// One vector of predictions; returns its losses.
template <class T, class Loss>
HWY_ATTR HWY_INLINE hn::Vec<Doubles> step(const Loss& loss, hn::Vec<Tag<T>> scale, hn::Vec<Tag<T>>& z, hn::Vec<Doubles> y) {
  const Tag<T> d;
  const auto target = narrow(d, y);
  const auto r = hn::IfThenElseZero(hn::Eq(target, target), hn::Sub(z, target));
  const Judged<Tag<T>> judged = loss(d, r);
  z = hn::Mul(scale, judged.weight);
  return widen(judged.loss);
}

template <class T, class Loss>
HWY_ATTR double judge(std::span<T> z, std::span<const double> y, double scale, Loss loss) {
  const Doubles dd;
  const Tag<T> d;
  const std::size_t lanes = hn::Lanes(dd);
  const auto factor = hn::Set(d, static_cast<T>(scale));
  auto even = hn::Zero(dd), odd = hn::Zero(dd);
  std::size_t e = 0;
  for (; e + 2 * lanes <= z.size(); e += 2 * lanes) {
    auto z0 = hn::LoadU(d, z.data() + e), z1 = hn::LoadU(d, z.data() + e + lanes);
    even = hn::Add(even, step<T>(loss, factor, z0, hn::LoadU(dd, y.data() + e)));
    odd = hn::Add(odd, step<T>(loss, factor, z1, hn::LoadU(dd, y.data() + e + lanes)));
    hn::StoreU(z0, d, z.data() + e);
    hn::StoreU(z1, d, z.data() + e + lanes);
  }
  for (; e < z.size(); e += lanes) {  // the tail, filled up with residuals of 0
    const std::size_t count = std::min(lanes, z.size() - e);
    T tail[hn::MaxLanes(Doubles())] = {};
    double targets[hn::MaxLanes(Doubles())] = {};
    std::copy_n(z.data() + e, count, tail);
    std::copy_n(y.data() + e, count, targets);
    auto z0 = hn::LoadU(d, tail);
    even = hn::Add(even, step<T>(loss, factor, z0, hn::LoadU(dd, targets)));
    hn::StoreU(z0, d, tail);
    std::copy_n(tail, count, z.data() + e);
  }
  return hn::GetLane(hn::SumOfLanes(dd, hn::Add(even, odd)));
}

// What is dispatched has a name for each type.
using Targets = std::span<const double>;
HWY_ATTR double absolute_f32(std::span<float> z, Targets y, double scale) { return judge(z, y, scale, Absolute{}); }
HWY_ATTR double absolute_f64(std::span<double> z, Targets y, double scale) { return judge(z, y, scale, Absolute{}); }
HWY_ATTR double squared_f32(std::span<float> z, Targets y, double scale) { return judge(z, y, scale, Squared{}); }
HWY_ATTR double squared_f64(std::span<double> z, Targets y, double scale) { return judge(z, y, scale, Squared{}); }
HWY_ATTR double huber_f32(std::span<float> z, Targets y, double scale, double delta) { return judge(z, y, scale, Huber{delta}); }
HWY_ATTR double huber_f64(std::span<double> z, Targets y, double scale, double delta) { return judge(z, y, scale, Huber{delta}); }

}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(absolute_f32);
HWY_EXPORT(absolute_f64);
HWY_EXPORT(squared_f32);
HWY_EXPORT(squared_f64);
HWY_EXPORT(huber_f32);
HWY_EXPORT(huber_f64);

double judge_absolute(std::span<float> z, std::span<const double> y, double scale) {
  return GOSSAN_DISPATCH(absolute_f32)(z, y, scale);
}
double judge_absolute(std::span<double> z, std::span<const double> y, double scale) {
  return GOSSAN_DISPATCH(absolute_f64)(z, y, scale);
}
double judge_squared(std::span<float> z, std::span<const double> y, double scale) {
  return GOSSAN_DISPATCH(squared_f32)(z, y, scale);
}
double judge_squared(std::span<double> z, std::span<const double> y, double scale) {
  return GOSSAN_DISPATCH(squared_f64)(z, y, scale);
}
double judge_huber(std::span<float> z, std::span<const double> y, double scale, double delta) {
  return GOSSAN_DISPATCH(huber_f32)(z, y, scale, delta);
}
double judge_huber(std::span<double> z, std::span<const double> y, double scale, double delta) {
  return GOSSAN_DISPATCH(huber_f64)(z, y, scale, delta);
}

}  // namespace gossan
#endif  // HWY_ONCE
