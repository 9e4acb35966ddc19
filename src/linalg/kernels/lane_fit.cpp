#include "linalg/kernels/lane_fit.hpp"

#include <hwy/highway.h>

#include <algorithm>

#include "linalg/kernels/simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, static_cast<std::size_t>(fit_lanes)>;
using V = hn::Vec<D>;
constexpr Index width = static_cast<Index>(hn::MaxLanes(D()));
constexpr Index block = fit_lanes;

// z of the eight equations of one block.
HWY_INLINE void predict(const double* F, Index r, const double* x, V (&z)[block]) {
  const D d;
  for (auto& each : z) each = hn::Zero(d);
  for (Index p = 0; p < r; ++p) {
    const auto xp = hn::Load(d, x + p * fit_lanes);
    for (Index k = 0; k < block; ++k) z[k] = hn::MulAdd(hn::Set(d, F[p * block + k]), xp, z[k]);
  }
}

// sum += sum_k w_k G_k for the rows of one block.
HWY_INLINE void accumulate(const double* G, Index columns, const V (&w)[block], double* sum) {
  const D d;
  for (Index p = 0; p < columns; ++p, G += block, sum += fit_lanes) {
    auto even = hn::MulAdd(hn::Set(d, G[0]), w[0], hn::Load(d, sum));
    auto odd = hn::Mul(hn::Set(d, G[1]), w[1]);
    for (Index k = 2; k < block; k += 2) {
      even = hn::MulAdd(hn::Set(d, G[k]), w[k], even);
      odd = hn::MulAdd(hn::Set(d, G[k + 1]), w[k + 1], odd);
    }
    hn::Store(hn::Add(even, odd), d, sum);
  }
}

template <LaneWeight rule>
HWY_INLINE void normals(const LaneFit& fit, const double* bound, const double* x, const double* pairs, double* N, double* b) {
  const D d;
  const Index triangle = fit.r * (fit.r + 1) / 2;
  std::fill(N, N + triangle * fit_lanes, 0.0);
  std::fill(b, b + fit.r * fit_lanes, 0.0);
  for (Index lane = 0; lane < fit_lanes; lane += width) {
    const auto one = hn::Set(d, 1.0);
    const auto most = hn::Load(d, bound + lane);
    for (Index e = 0; e < fit.blocks; ++e) {
      const double* F = fit.F + e * fit.r * block;
      V w[block], wy[block];
      if constexpr (rule != LaneWeight::all) predict(F, fit.r, x + lane, w);
      for (Index k = 0; k < block; ++k) {
        const auto y = hn::Load(d, fit.y + (e * block + k) * fit_lanes + lane);
        const auto there = hn::Eq(y, y);
        if constexpr (rule == LaneWeight::all) w[k] = hn::IfThenElseZero(there, one);
        if constexpr (rule == LaneWeight::huber)
          w[k] = hn::IfThenElseZero(there, hn::Div(most, hn::Max(most, hn::Abs(hn::Sub(w[k], y)))));
        if constexpr (rule == LaneWeight::trimmed) w[k] = hn::IfThenElseZero(hn::Le(hn::Abs(hn::Sub(w[k], y)), most), one);
        wy[k] = hn::Mul(w[k], hn::IfThenElseZero(there, y));
      }
      accumulate(pairs + e * triangle * block, triangle, w, N + lane);
      accumulate(F, fit.r, wy, b + lane);
    }
  }
}

void lane_normals(const LaneFit& fit, LaneWeight weight, const double* bound, const double* x, const double* pairs, double* N,
                  double* b) {
  if (weight == LaneWeight::all) return normals<LaneWeight::all>(fit, bound, x, pairs, N, b);
  if (weight == LaneWeight::huber) return normals<LaneWeight::huber>(fit, bound, x, pairs, N, b);
  normals<LaneWeight::trimmed>(fit, bound, x, pairs, N, b);
}

HWY_INLINE double* entry(double* N, Index p, Index q) { return N + (p * (p + 1) / 2 + q) * fit_lanes; }

// Row-wise Cholesky: the diagonal keeps the reciprocals.
HWY_INLINE void factorise(Index r, double* N) {
  const D d;
  for (Index p = 0; p < r; ++p) {
    for (Index q = 0; q <= p; ++q) {
      auto sum = hn::Load(d, entry(N, p, q));
      for (Index t = 0; t < q; ++t) sum = hn::NegMulAdd(hn::Load(d, entry(N, p, t)), hn::Load(d, entry(N, q, t)), sum);
      if (q == p)
        sum = hn::Div(hn::Set(d, 1.0), hn::Sqrt(hn::Max(sum, hn::Set(d, 1e-290))));
      else
        sum = hn::Mul(sum, hn::Load(d, entry(N, q, q)));
      hn::Store(sum, d, entry(N, p, q));
    }
  }
}

void lane_solve(Index r, double* N, const double* b, const double* ridge, double* x) {
  const D d;
  for (Index lane = 0; lane < fit_lanes; lane += width) {
    double* L = N + lane;
    auto trace = hn::Zero(d);
    for (Index p = 0; p < r; ++p) trace = hn::Add(trace, hn::Load(d, entry(L, p, p)));
    const auto more = hn::MulAdd(trace, hn::Set(d, 1e-12 / static_cast<double>(r)), hn::Load(d, ridge + lane));
    for (Index p = 0; p < r; ++p) hn::Store(hn::Add(hn::Load(d, entry(L, p, p)), more), d, entry(L, p, p));
    factorise(r, L);
    for (Index p = 0; p < r; ++p) {
      auto sum = hn::Load(d, b + p * fit_lanes + lane);
      for (Index q = 0; q < p; ++q) sum = hn::NegMulAdd(hn::Load(d, entry(L, p, q)), hn::Load(d, x + q * fit_lanes + lane), sum);
      hn::Store(hn::Mul(sum, hn::Load(d, entry(L, p, p))), d, x + p * fit_lanes + lane);
    }
    for (Index p = r - 1; p >= 0; --p) {
      auto sum = hn::Load(d, x + p * fit_lanes + lane);
      for (Index q = p + 1; q < r; ++q)
        sum = hn::NegMulAdd(hn::Load(d, entry(L, q, p)), hn::Load(d, x + q * fit_lanes + lane), sum);
      hn::Store(hn::Mul(sum, hn::Load(d, entry(L, p, p))), d, x + p * fit_lanes + lane);
    }
  }
}

double lane_clipped(const LaneFit& fit, double bound, const double* x, Index columns, const double* V_, double* out) {
  const D d;
  std::fill(out, out + columns * fit_lanes, 0.0);
  alignas(64) double squares[fit_lanes];
  for (Index lane = 0; lane < fit_lanes; lane += width) {
    const auto most = hn::Set(d, bound), least = hn::Set(d, -bound);
    auto square = hn::Zero(d);
    for (Index e = 0; e < fit.blocks; ++e) {
      V v[block];
      predict(fit.F + e * fit.r * block, fit.r, x + lane, v);
      for (Index k = 0; k < block; ++k) {
        const auto y = hn::Load(d, fit.y + (e * block + k) * fit_lanes + lane);
        v[k] = hn::IfThenElseZero(hn::Eq(y, y), hn::Min(hn::Max(hn::Sub(y, v[k]), least), most));
        square = hn::MulAdd(v[k], v[k], square);
      }
      accumulate(V_ + e * columns * block, columns, v, out + lane);
    }
    hn::Store(square, d, squares + lane);
  }
  double sum = 0;
  for (const double each : squares) sum += each;
  return sum;
}

void lane_residuals(const LaneFit& fit, const double* x, double* residual) {
  const D d;
  for (Index lane = 0; lane < fit_lanes; lane += width) {
    for (Index e = 0; e < fit.blocks; ++e) {
      V z[block];
      predict(fit.F + e * fit.r * block, fit.r, x + lane, z);
      for (Index k = 0; k < block; ++k) {
        const Index at = (e * block + k) * fit_lanes + lane;
        hn::Store(hn::Sub(z[k], hn::Load(d, fit.y + at)), d, residual + at);
      }
    }
  }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace gossan
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gossan {

HWY_EXPORT(lane_normals);
HWY_EXPORT(lane_solve);
HWY_EXPORT(lane_clipped);
HWY_EXPORT(lane_residuals);

void lane_normals(const LaneFit& fit, LaneWeight weight, const double* bound, const double* x, const double* pairs, double* N,
                  double* b) {
  GOSSAN_DISPATCH(lane_normals)(fit, weight, bound, x, pairs, N, b);
}

void lane_solve(Index r, double* N, const double* b, const double* ridge, double* x) {
  GOSSAN_DISPATCH(lane_solve)(r, N, b, ridge, x);
}

double lane_clipped(const LaneFit& fit, double bound, const double* x, Index width, const double* V, double* out) {
  return GOSSAN_DISPATCH(lane_clipped)(fit, bound, x, width, V, out);
}

void lane_residuals(const LaneFit& fit, const double* x, double* residual) { GOSSAN_DISPATCH(lane_residuals)(fit, x, residual); }

}  // namespace gossan
#endif
