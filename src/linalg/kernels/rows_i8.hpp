// Stored rows of bytes, whole numbers from -127 to 127 plus 128, streamed as integers: like rows.hpp, which reads them as
// floating-point numbers.
#pragma once

#include <cstdint>

#include "gossan/matrix.hpp"
#include "linalg/kernels/level_rows.hpp"
#include "linalg/numbers.hpp"

namespace gossan {

inline constexpr Index most_counted_rows = 128;  // 255 times as much fits in 16 bits

// Kernels over `count` rows of `length` bytes, a multiple of 64. What is fetched from `ahead` on is as in RowKernels.
struct ByteKernels {
  // z = rows M to all digits of M, which level_layout() made for so many entries: three if rough, else six.
  void (*dots)(const Biased* rows, Index count, Index length, const LevelForm& M, bool rough, const char* ahead, double* z);
  // sums += sum_b signs_b (row_b + 128), in an order of their own; signs are -1, 0 or 1. Collect after most_counted_rows.
  void (*add)(const Biased* rows, Index count, Index length, const std::int8_t* signs, const char* ahead, std::int16_t* sums);
  // S += weight (sums - 128 signs), with the sum of all signs; empties the sums.
  void (*collect)(std::int16_t* sums, Index length, int signs, double weight, double* S);
};

// Of the level in use; all null where it has no instructions for products of bytes.
ByteKernels byte_kernels();

}  // namespace gossan
