#include "linalg/kernels/product.hpp"

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
using V = hn::Vec<D>;

constexpr Index lanes = static_cast<Index>(hn::MaxLanes(D()));
constexpr int most_rows = 6;                       // of C in a tile of multiply
constexpr int wide = HWY_MAX_BYTES >= 64 ? 4 : 2;  // vectors of C in a tile of multiply: with the rows, what registers hold
constexpr int most_thin = 3;                       // rows of A in a tile of multiply_rows

// Asks for the cache lines of what a caller reads next, one for each vector of B that is read now.
struct Ahead {
  const char* line;
  void fetch() {
    __builtin_prefetch(line, 0, 2);  // into L2: L1 is full of B
    line += sizeof(double) * lanes;
  }
};

// A tile of M rows and N vectors of C. A part vector (N is 1) has `count` entries only.
template <int M, int N, bool part, bool fetching>
void tile(Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add, Index count, Ahead& ahead) {
  const D d;
  const auto load = [&](const double* from) HWY_ATTR { return part ? load_first(d, from, count) : hn::LoadU(d, from); };
  V sum[M][N];
  for (int i = 0; i < M; ++i)
    for (int v = 0; v < N; ++v) sum[i][v] = add ? load(C + i * ldc + v * lanes) : hn::Zero(d);
  for (Index p = 0; p < k; ++p) {
    V b[N];
    for (int v = 0; v < N; ++v) {
      b[v] = load(B + p * ldb + v * lanes);
      if constexpr (fetching) ahead.fetch();
    }
    for (int i = 0; i < M; ++i) {
      const V a = hn::Set(d, A.data[i * A.row + p * A.col]);
      for (int v = 0; v < N; ++v) sum[i][v] = hn::MulAdd(a, b[v], sum[i][v]);
    }
  }
  for (int i = 0; i < M; ++i)
    for (int v = 0; v < N; ++v) store_first(d, sum[i][v], C + i * ldc + v * lanes, part ? count : lanes);
}

template <int M, bool fetching>
void strip(Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add, Ahead ahead) {
  Index j = 0;
  for (; j + wide * lanes <= n; j += wide * lanes)
    tile<M, wide, false, fetching>(k, A, B + j, ldb, C + j, ldc, add, lanes, ahead);
  for (; j + lanes <= n; j += lanes) tile<M, 1, false, fetching>(k, A, B + j, ldb, C + j, ldc, add, lanes, ahead);
  if (j < n) tile<M, 1, true, fetching>(k, A, B + j, ldb, C + j, ldc, add, n - j, ahead);
}

template <bool fetching>
void strip_of(Index height, Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add,
              Ahead ahead) {
  switch (height) {
    case 1:
      return strip<1, fetching>(n, k, A, B, ldb, C, ldc, add, ahead);
    case 2:
      return strip<2, fetching>(n, k, A, B, ldb, C, ldc, add, ahead);
    case 3:
      return strip<3, fetching>(n, k, A, B, ldb, C, ldc, add, ahead);
    case 4:
      return strip<4, fetching>(n, k, A, B, ldb, C, ldc, add, ahead);
    case 5:
      return strip<5, fetching>(n, k, A, B, ldb, C, ldc, add, ahead);
    default:
      return strip<most_rows, fetching>(n, k, A, B, ldb, C, ldc, add, ahead);
  }
}

void multiply(Index m, Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add,
              const double* next) {
  // Strips of nearly equal height: a last strip of one row would take as long as one of six.
  const Index strips = (m + most_rows - 1) / most_rows;
  const Ahead ahead{reinterpret_cast<const char*>(next)};
  for (Index s = 0, i = 0; s < strips; ++s) {
    const Index height = (m - i + strips - s - 1) / (strips - s);
    const Strided rows{A.data + i * A.row, A.row, A.col};
    const auto run = s == 0 && next != nullptr ? strip_of<true> : strip_of<false>;
    run(height, n, k, rows, B, ldb, C + i * ldc, ldc, add, ahead);
    i += height;
  }
}

// Lane j of the result is the sum of the lanes of v[j]: halves the number of vectors until one is left.
template <Index count = lanes>
V lane_sums(V (&v)[lanes]) {
#if HWY_TARGET != HWY_SCALAR
  if constexpr (count > 1) {
    const D d;
    for (Index j = 0; j < count / 2; ++j)
      v[j] = hn::Add(hn::ConcatEven(d, v[2 * j + 1], v[2 * j]), hn::ConcatOdd(d, v[2 * j + 1], v[2 * j]));
    return lane_sums<count / 2>(v);
  }
#endif
  return v[0];
}

// Keeps a loaded vector in its register: g++ would load it anew for each of its uses, and loads are what these tiles wait for.
V kept(V v) {
#if HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_COMPILER_GCC_ACTUAL
  asm("" : "+v"(v.raw));
#endif
  return v;
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
      const V b = kept(load(row[j] + p));
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

void multiply(Index m, Index n, Index k, Strided A, const double* B, Index ldb, double* C, Index ldc, bool add,
              const double* next) {
  GOSSAN_DISPATCH(multiply)(m, n, k, A, B, ldb, C, ldc, add, next);
}

void multiply_rows(Index m, Index n, Index k, const double* A, Index lda, const double* B, Index ldb, double* C, Index ldc) {
  GOSSAN_DISPATCH(multiply_rows)(m, n, k, A, lda, B, ldb, C, ldc);
}

}  // namespace gossan
#endif
