// The kernels of rows.hpp and the sums of one part of the rows, as fused_pass() wants them.
#pragma once

#include <type_traits>

#include "operators/dense_rows.hpp"

namespace gossan {

// Single-precision sums are handed over to the double ones after so many rows.
inline constexpr Index single_rows = 256;

template <class T>
class Pass {
 public:
  static constexpr bool has_rough = !std::is_same_v<T, double>;

  Pass(const T* data, Index count, Index length, const Multiplier& M, PartialSum* part)
      : data_(data), count_(count), length_(length), M_(M), part_(part) {
    if (part == nullptr) return;
    part->sum.resize(length);
    std::fill_n(part->sum.data(), length, 0.0);
    if constexpr (has_rough) {
      part->single.resize(length);
      std::fill_n(part->single.data(), length, 0.0f);
    }
  }

  void dots(Index first, Index count, double* z) {
    kernels_.dots(row(first), count, length_, M_.exact.data(), ahead(first, count), z);
  }
  void dots(Index first, Index count, float* z) {
    if constexpr (has_rough) kernels_.rough_dots(row(first), count, length_, M_.rough.data(), ahead(first, count), z);
  }
  void add(Index first, Index count, const double* w) {
    if constexpr (has_rough) {
      std::array<float, most_block_rows> single;
      for (Index b = 0; b < count; ++b) single[static_cast<std::size_t>(b)] = static_cast<float>(w[b]);
      add(first, count, single.data());
    } else {
      kernels_.add(row(first), count, length_, w, ahead(first, count) + half_block(count), part_->sum.data());
    }
  }
  void add(Index first, Index count, const float* w) {
    if constexpr (has_rough) {
      kernels_.add(row(first), count, length_, w, ahead(first, count) + half_block(count), part_->single.data());
      added_ += count;
      if (added_ >= single_rows) hand_over();
    }
  }
  void finish() {
    if (part_ != nullptr && added_ > 0) hand_over();
  }

  const T* row(Index first) const { return data_ + first * length_; }
  Index half_block(Index count) const { return count * length_ * Index{sizeof(T)} / 2; }
  // The next block, or after the last what is in the cache already.
  const char* ahead(Index first, Index count) const {
    return reinterpret_cast<const char*>(row(first + count < count_ ? first + count : first));
  }

 private:
  void hand_over() {
    double* sum = part_->sum.data();
    float* single = part_->single.data();
    for (Index j = 0; j < length_; ++j) {
      sum[j] += static_cast<double>(single[j]);
      single[j] = 0;
    }
    added_ = 0;
  }

  const T* data_;
  Index count_, length_;
  const Multiplier& M_;
  PartialSum* part_;
  RowKernels<T> kernels_ = row_kernels<T>();
  Index added_ = 0;
};

}  // namespace gossan
