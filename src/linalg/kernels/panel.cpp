#include "linalg/kernels/panel.hpp"

#include <hwy/highway.h>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// A strip is up to most_vectors vectors of each row, whose part of U_i stays in registers; wide rows are several strips.
constexpr int most_vectors = 4;

// Products U_i V_j, lane by lane, of a batch of entries of one row.
template <class D, int vectors>
struct OneRow {
  using T = hn::TFromD<D>;
  hn::Vec<D> u[vectors];
  const T* V;  // at the panel's first column
  const std::uint16_t* column;
  std::size_t stride;

  HWY_ATTR HWY_INLINE hn::Vec<D> product(std::size_t b) const {
    const D d;
    const T* v = V + column[b] * stride;
    auto sum = hn::Mul(u[0], hn::Load(d, v));
    for (int k = 1; k < vectors; ++k) sum = hn::MulAdd(u[k], hn::Load(d, v + static_cast<std::size_t>(k) * hn::Lanes(d)), sum);
    return sum;
  }
};

// The same of a batch that goes over the ends of rows.
template <class D, int vectors>
struct ManyRows {
  using T = hn::TFromD<D>;
  const T* u[hn::MaxLanes(D())];
  const T* v[hn::MaxLanes(D())];

  HWY_ATTR HWY_INLINE hn::Vec<D> product(std::size_t b) const {
    const D d;
    auto sum = hn::Mul(hn::Load(d, u[b]), hn::Load(d, v[b]));
    for (int k = 1; k < vectors; ++k) {
      const std::size_t at = static_cast<std::size_t>(k) * hn::Lanes(d);
      sum = hn::MulAdd(hn::Load(d, u[b] + at), hn::Load(d, v[b] + at), sum);
    }
    return sum;
  }
};

// Lane b of the result of all lanes' `count` is the sum over the lanes of product first + b: neighbours are added in every step.
template <std::size_t count, class D, class Batch>
HWY_ATTR HWY_INLINE hn::Vec<D> sums([[maybe_unused]] D d, const Batch& batch, std::size_t first) {
  if constexpr (count == 1) {
    return batch.product(first);
  } else {
#if HWY_TARGET != HWY_SCALAR
    const auto low = sums<count / 2>(d, batch, first), high = sums<count / 2>(d, batch, first + count / 2);
    return hn::Add(hn::ConcatEven(d, high, low), hn::ConcatOdd(d, high, low));
#endif
  }
}

template <class D, class Batch>
HWY_ATTR HWY_INLINE void predict_batch(D d, const Batch& batch, bool further, hn::TFromD<D>* z) {
  auto sum = sums<hn::MaxLanes(D())>(d, batch, 0);
  if (further) sum = hn::Add(sum, hn::LoadU(d, z));
  hn::StoreU(sum, d, z);
}

// z = or, for further strips, z += the strip's part of the predictions.
template <int vectors, class T>
HWY_ATTR void predict_strip(std::span<const PanelRun> runs, const std::uint16_t* column, const T* U, const T* V,
                            std::size_t stride, bool further, T* z) {
  const hn::ScalableTag<T> d;
  constexpr std::size_t lanes = hn::MaxLanes(hn::ScalableTag<T>());
  const std::size_t first = runs.front().begin, last = runs.back().begin;
  std::size_t e = first;
  for (std::size_t s = 0; e < last;) {
    while (runs[s + 1].begin <= e) ++s;
    OneRow<decltype(d), vectors> one;
    for (int k = 0; k < vectors; ++k) one.u[k] = hn::Load(d, U + runs[s].row * stride + static_cast<std::size_t>(k) * lanes);
    one.V = V + runs[s].first_column * stride;
    one.stride = stride;
    for (; e + lanes <= runs[s + 1].begin; e += lanes) {
      one.column = column + e;
      predict_batch(d, one, further, z + (e - first));
    }
    if (e == runs[s + 1].begin) continue;
    ManyRows<decltype(d), vectors> many;
    for (std::size_t b = 0; b < lanes; ++b) {
      const std::size_t at = e + b < last ? e + b : last - 1;
      while (runs[s + 1].begin <= at) ++s;
      many.u[b] = U + runs[s].row * stride;
      many.v[b] = V + (runs[s].first_column + column[at]) * stride;
    }
    predict_batch(d, many, further, z + (e - first));
    e += lanes;
  }
}

template <int vectors, class D>
HWY_ATTR HWY_INLINE void add_entry(D d, hn::TFromD<D> weight, const hn::Vec<D>* u, const hn::TFromD<D>* v, hn::Vec<D>* gu,
                                   hn::TFromD<D>* gv) {
  const auto w = hn::Set(d, weight);
  for (int k = 0; k < vectors; ++k) {
    const std::size_t at = static_cast<std::size_t>(k) * hn::Lanes(d);
    gu[k] = hn::MulAdd(w, hn::Load(d, v + at), gu[k]);
    hn::Store(hn::MulAdd(w, u[k], hn::Load(d, gv + at)), d, gv + at);
  }
}

template <int vectors, class T>
HWY_ATTR void adjoint_strip(std::span<const PanelRun> runs, const std::uint16_t* column, const T* w, const T* U, const T* V,
                            std::size_t stride, T* GU, T* GV) {
  const hn::ScalableTag<T> d;
  const std::size_t first = runs.front().begin;
  for (std::size_t s = 0; s + 1 < runs.size(); ++s) {
    const std::size_t row = runs[s].row * stride, panel = runs[s].first_column * stride, end = runs[s + 1].begin;
    hn::Vec<decltype(d)> u[vectors], even[vectors], odd[vectors];  // two sums of GU_i, so that none waits for the last
    for (int k = 0; k < vectors; ++k) {
      const std::size_t at = row + static_cast<std::size_t>(k) * hn::Lanes(d);
      u[k] = hn::Load(d, U + at);
      even[k] = hn::Load(d, GU + at);
      odd[k] = hn::Zero(d);
    }
    std::size_t e = runs[s].begin;
    for (; e + 2 <= end; e += 2) {
      const std::size_t v0 = panel + column[e] * stride, v1 = panel + column[e + 1] * stride;
      add_entry<vectors>(d, w[e - first], u, V + v0, even, GV + v0);
      add_entry<vectors>(d, w[e + 1 - first], u, V + v1, odd, GV + v1);
    }
    if (e < end) {
      const std::size_t v0 = panel + column[e] * stride;
      add_entry<vectors>(d, w[e - first], u, V + v0, even, GV + v0);
    }
    for (int k = 0; k < vectors; ++k)
      hn::Store(hn::Add(even[k], odd[k]), d, GU + row + static_cast<std::size_t>(k) * hn::Lanes(d));
  }
}

template <class T>
HWY_ATTR void predict(std::span<const PanelRun> runs, const std::uint16_t* column, const T* U, const T* V, std::size_t stride,
                      T* z) {
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  for (std::size_t at = 0; at < stride; at += most_vectors * lanes) {
    const std::size_t vectors = (stride - at) / lanes;
    if (vectors == 1)
      predict_strip<1>(runs, column, U + at, V + at, stride, at > 0, z);
    else if (vectors == 2)
      predict_strip<2>(runs, column, U + at, V + at, stride, at > 0, z);
    else if (vectors == 3)
      predict_strip<3>(runs, column, U + at, V + at, stride, at > 0, z);
    else
      predict_strip<most_vectors>(runs, column, U + at, V + at, stride, at > 0, z);
  }
}

template <class T>
HWY_ATTR void adjoint(std::span<const PanelRun> runs, const std::uint16_t* column, const T* w, const T* U, const T* V,
                      std::size_t stride, T* GU, T* GV) {
  const std::size_t lanes = hn::Lanes(hn::ScalableTag<T>());
  for (std::size_t at = 0; at < stride; at += most_vectors * lanes) {
    const std::size_t vectors = (stride - at) / lanes;
    if (vectors == 1)
      adjoint_strip<1>(runs, column, w, U + at, V + at, stride, GU + at, GV + at);
    else if (vectors == 2)
      adjoint_strip<2>(runs, column, w, U + at, V + at, stride, GU + at, GV + at);
    else if (vectors == 3)
      adjoint_strip<3>(runs, column, w, U + at, V + at, stride, GU + at, GV + at);
    else
      adjoint_strip<most_vectors>(runs, column, w, U + at, V + at, stride, GU + at, GV + at);
  }
}

// What is dispatched has a name for each type.
using Runs = std::span<const PanelRun>;
HWY_ATTR std::size_t panel_lanes_f32() { return hn::Lanes(hn::ScalableTag<float>()); }
HWY_ATTR std::size_t panel_lanes_f64() { return hn::Lanes(hn::ScalableTag<double>()); }
HWY_ATTR void panel_predict_f32(Runs runs, const std::uint16_t* column, const float* U, const float* V, std::size_t stride,
                                float* z) {
  predict(runs, column, U, V, stride, z);
}
HWY_ATTR void panel_predict_f64(Runs runs, const std::uint16_t* column, const double* U, const double* V, std::size_t stride,
                                double* z) {
  predict(runs, column, U, V, stride, z);
}
HWY_ATTR void panel_adjoint_f32(Runs runs, const std::uint16_t* column, const float* w, const float* U, const float* V,
                                std::size_t stride, float* GU, float* GV) {
  adjoint(runs, column, w, U, V, stride, GU, GV);
}
HWY_ATTR void panel_adjoint_f64(Runs runs, const std::uint16_t* column, const double* w, const double* U, const double* V,
                                std::size_t stride, double* GU, double* GV) {
  adjoint(runs, column, w, U, V, stride, GU, GV);
}

}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(panel_lanes_f32);
HWY_EXPORT(panel_lanes_f64);
HWY_EXPORT(panel_predict_f32);
HWY_EXPORT(panel_predict_f64);
HWY_EXPORT(panel_adjoint_f32);
HWY_EXPORT(panel_adjoint_f64);

std::size_t panel_lanes(float) { return GOSSAN_DISPATCH(panel_lanes_f32)(); }
std::size_t panel_lanes(double) { return GOSSAN_DISPATCH(panel_lanes_f64)(); }

void panel_predict(std::span<const PanelRun> runs, const std::uint16_t* column, const float* U, const float* V,
                   std::size_t stride, float* z) {
  GOSSAN_DISPATCH(panel_predict_f32)(runs, column, U, V, stride, z);
}
void panel_predict(std::span<const PanelRun> runs, const std::uint16_t* column, const double* U, const double* V,
                   std::size_t stride, double* z) {
  GOSSAN_DISPATCH(panel_predict_f64)(runs, column, U, V, stride, z);
}
void panel_adjoint(std::span<const PanelRun> runs, const std::uint16_t* column, const float* w, const float* U, const float* V,
                   std::size_t stride, float* GU, float* GV) {
  GOSSAN_DISPATCH(panel_adjoint_f32)(runs, column, w, U, V, stride, GU, GV);
}
void panel_adjoint(std::span<const PanelRun> runs, const std::uint16_t* column, const double* w, const double* U, const double* V,
                   std::size_t stride, double* GU, double* GV) {
  GOSSAN_DISPATCH(panel_adjoint_f64)(runs, column, w, U, V, stride, GU, GV);
}

}  // namespace gossan
#endif  // HWY_ONCE
