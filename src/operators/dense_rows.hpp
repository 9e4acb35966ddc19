// The stored rows of a dense operator, and one fused pass over them.
#pragma once

#include <algorithm>
#include <array>
#include <memory>

#include "gossan/operators.hpp"
#include "linalg/aligned.hpp"
#include "linalg/kernels/level_rows.hpp"
#include "linalg/kernels/rows.hpp"

namespace gossan {

// The matrix M whose dots with the rows are asked for, as a storage needs it.
struct Multiplier {
  AlignedArray<double> exact;  // filled by the caller
  AlignedArray<float> rough;
  LevelForm digits;
  double largest = 0;  // |M|, where digits are made
};

// What one part of the rows adds to S.
struct PartialSum {
  AlignedArray<double> sum;
  AlignedArray<float> single;         // of the latest rows
  AlignedArray<std::int16_t> counts;  // of the latest rows whose weights are of one size
};

class StoredRows {
 public:
  virtual ~StoredRows() = default;
  virtual Storage storage() const = 0;
  virtual Index count() const = 0;
  virtual Index length() const = 0;  // numbers a row, padding included
  virtual Index bytes() const = 0;
  // Once a sweep, when M.exact (length) is filled, its padding with zeros.
  virtual void prepare(Multiplier& M, bool rough) const = 0;
  // Judges the rows from first (a multiple of block_rows()) to last, and with a partial sum overwrites it with their adjoint.
  virtual void pass(const Multiplier& M, Judge judge, Index first, Index last, PartialSum* part) const = 0;
  Index block_rows() const;
};

constexpr Index most_block_rows = 64;

// The pass of any storage. Kernel: dots(first, count, z) and add(first, count, w) of a block, each for double and float.
template <class Kernel>
void fused_pass(Kernel& kernel, Judge judge, Index block, Index first, Index last, bool adjoint) {
  std::array<double, most_block_rows> exact;
  std::array<float, most_block_rows> rough;
  const auto each_block = [&](auto& z, auto& judge_block) {
    for (Index at = first; at < last; at += block) {
      const Index count = std::min(block, last - at);
      kernel.dots(at, count, z.data());
      judge_block(at, std::span(z.data(), static_cast<std::size_t>(count)));
      if (adjoint) kernel.add(at, count, z.data());
    }
  };
  if (Kernel::has_rough && judge.rough) {
    each_block(rough, *judge.rough);
  } else {
    each_block(exact, judge.exact);
  }
}

// Numbers of type T, one row after another. The memory belongs to the rows or to the caller.
template <class T>
std::unique_ptr<StoredRows> stored_rows(AlignedArray<T> data, Index count, Index length);
std::unique_ptr<StoredRows> borrowed_rows(const double* data, Index count, Index length);

}  // namespace gossan
