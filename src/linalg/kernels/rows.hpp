// Stored rows of numbers, streamed once: z = rows M, and S += sum_b w_b row_b while the rows are still in the cache.
#pragma once

#include "gossan/matrix.hpp"
#include "linalg/numbers.hpp"

namespace gossan {

// Rows start at multiples of row_alignment bytes and are padded to it, whatever the padding holds: M is zero there, and S is
// not read. Rows of doubles need not be: those are of any length, one after another.
constexpr Index row_alignment = 64;

// Kernels of one level of instructions over `count` rows of `length` numbers (their padding included) of type T.
//
// One core reads memory fastest in a single stream, and many rows at once are many: so each pass fetches one half of the bytes of
// the block that comes next, line after line from `ahead` on, into the second-level cache.
template <class T>
struct RowKernels {
  void (*dots)(const T* rows, Index count, Index length, const double* M, const char* ahead, double* z);
  // In single precision.
  void (*rough_dots)(const T* rows, Index count, Index length, const float* M, const char* ahead, float* z);
  // Sums are single: they lose precision after some hundreds of rows, when add_to(S, sum) must take them over.
  void (*add)(const T* rows, Index count, Index length, const float* w, const char* ahead, float* S);
};
template <>
struct RowKernels<double> {
  void (*dots)(const double* rows, Index count, Index length, const double* M, const char* ahead, double* z);
  void (*add)(const double* rows, Index count, Index length, const double* w, const char* ahead, double* S);
};

// Of the level in use.
template <class T>
RowKernels<T> row_kernels();

}  // namespace gossan
