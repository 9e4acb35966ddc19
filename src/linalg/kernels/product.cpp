#include "linalg/kernels/product.hpp"

#include <algorithm>

#include "linalg/kernels/simd.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "linalg/kernels/product.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "linalg/kernels/tails-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gossan {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;

constexpr Index lanes = static_cast<Index>(hn::MaxLanes(D()));
constexpr int most_rows = 6;                       // of C in a tile of multiply
constexpr int wide = HWY_MAX_BYTES >= 64 ? 4 : 2;  // vectors of C in a tile of multiply: with the rows, what registers hold
constexpr int most_thin = 3;                       // rows of A in a tile of multiply_rows

// A tile of M rows and N vectors of C. A part vector (N is 1) has `count` entries only.
template <int M, int N, bool part>
void tile(Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add, Index count) {
  const D d;
  const auto load = [&](const double* from) HWY_ATTR { return part ? load_first(d, from, count) : hn::LoadU(d, from); };
  V sum[M][N];
  for (int i = 0; i < M; ++i)
    for (int v = 0; v < N; ++v) sum[i][v] = add ? load(C + i * ldc + v * lanes) : hn::Zero(d);
  for (Index p = 0; p < k; ++p) {
    V b[N];
    for (int v = 0; v < N; ++v) b[v] = load(B + p * ldb + v * lanes);
    for (int i = 0; i < M; ++i) {
      const V a = hn::Set(d, A.data[i * A.row + p * A.col]);
      for (int v = 0; v < N; ++v) sum[i][v] = hn::MulAdd(a, b[v], sum[i][v]);
    }
  }
  for (int i = 0; i < M; ++i)
    for (int v = 0; v < N; ++v) store_first(d, sum[i][v], C + i * ldc + v * lanes, part ? count : lanes);
}

template <int M>
void strip(Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add) {
  Index j = 0;
  for (; j + wide * lanes <= n; j += wide * lanes) tile<M, wide, false>(k, A, B + j, ldb, C + j, ldc, add, lanes);
  for (; j + lanes <= n; j += lanes) tile<M, 1, false>(k, A, B + j, ldb, C + j, ldc, add, lanes);
  if (j < n) tile<M, 1, true>(k, A, B + j, ldb, C + j, ldc, add, n - j);
}

void multiply(Index m, Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add) {
  // Strips of nearly equal height: a last strip of one row would take as long as one of six.
  const Index strips = (m + most_rows - 1) / most_rows;
  for (Index s = 0, i = 0; s < strips; ++s) {
    const Index height = (m - i + strips - s - 1) / (strips - s);
    const Strided rows{A.data + i * A.row, A.row, A.col};
    double* c = C + i * ldc;
    switch (height) {
      case 1:
        strip<1>(n, k, rows, B, ldb, c, ldc, add);
        break;
      case 2:
        strip<2>(n, k, rows, B, ldb, c, ldc, add);
        break;
      case 3:
        strip<3>(n, k, rows, B, ldb, c, ldc, add);
        break;
      case 4:
        strip<4>(n, k, rows, B, ldb, c, ldc, add);
        break;
      case 5:
        strip<5>(n, k, rows, B, ldb, c, ldc, add);
        break;
      default:
        strip<6>(n, k, rows, B, ldb, c, ldc, add);
        break;
    }
    i += height;
  }
}

// Lane j of the result is the sum of the lanes of v[j].
V lane_sums(V (&v)[lanes]) {
#if HWY_TARGET != HWY_SCALAR
  const D d;
  for (Index left = lanes / 2; left > 0; left /= 2)
    for (Index j = 0; j < left; ++j)
      v[j] = hn::Add(hn::ConcatEven(d, v[2 * j + 1], v[2 * j]), hn::ConcatOdd(d, v[2 * j + 1], v[2 * j]));
#endif
  return v[0];
}

// Rows of A times `count` <= lanes rows of B; absent rows repeat the last one.
template <int M>
void row_tile(Index k, const double* A, Index lda, const double* B, Index ldb, double* C, Index ldc, Index count) {
  const D d;
  const double* row[lanes];
  V sum[M][lanes];
  for (Index j = 0; j < lanes; ++j) row[j] = B + std::min(j, count - 1) * ldb;
  for (int i = 0; i < M; ++i)
    for (Index j = 0; j < lanes; ++j) sum[i][j] = hn::Zero(d);
  const auto step = [&](Index p, auto load) HWY_ATTR {
    V a[M];
    for (int i = 0; i < M; ++i) a[i] = load(A + i * lda + p);
    for (Index j = 0; j < lanes; ++j) {
      const V b = load(row[j] + p);
      for (int i = 0; i < M; ++i) sum[i][j] = hn::MulAdd(a[i], b, sum[i][j]);
    }
  };
  Index p = 0;
  for (; p + lanes <= k; p += lanes) step(p, [&](const double* at) HWY_ATTR { return hn::LoadU(d, at); });
  if (p < k) step(p, [&](const double* at) HWY_ATTR { return load_first(d, at, k - p); });
  for (int i = 0; i < M; ++i) store_first(d, lane_sums(sum[i]), C + i * ldc, count);
}

void multiply_rows(Index m, Index n, Index k, const double* A, Index lda, const double* B, Index ldb, double* C, Index ldc) {
  for (Index j = 0; j < n; j += lanes) {
    const Index count = std::min(lanes, n - j);
    const double* b = B + j * ldb;
    for (Index i = 0; i < m; i += most_thin) {
      const double* a = A + i * lda;
      double* c = C + i * ldc + j;
      switch (std::min<Index>(most_thin, m - i)) {
        case 1:
          row_tile<1>(k, a, lda, b, ldb, c, ldc, count);
          break;
        case 2:
          row_tile<2>(k, a, lda, b, ldb, c, ldc, count);
          break;
        default:
          row_tile<3>(k, a, lda, b, ldb, c, ldc, count);
          break;
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

HWY_EXPORT(multiply);
HWY_EXPORT(multiply_rows);

void multiply(Index m, Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add) {
  GOSSAN_DISPATCH(multiply)(m, n, k, A, B, ldb, C, ldc, add);
}

void multiply_rows(Index m, Index n, Index k, const double* A, Index lda, const double* B, Index ldb, double* C, Index ldc) {
  GOSSAN_DISPATCH(multiply_rows)(m, n, k, A, lda, B, ldb, C, ldc);
}

}  // namespace gossan
#endif
