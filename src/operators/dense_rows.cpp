// The fused pass over rows that are stored as floating-point numbers.
#include "operators/dense_rows.hpp"

#include <type_traits>
#include <utility>

namespace gossan {
namespace {

// Single-precision sums are handed over to the double ones after so many rows.
constexpr Index single_rows = 256;

constexpr Storage storage_of(double) { return Storage::f64; }
constexpr Storage storage_of(float) { return Storage::f32; }
constexpr Storage storage_of(Half) { return Storage::f16; }
constexpr Storage storage_of(BFloat) { return Storage::bf16; }
constexpr Storage storage_of(Biased) { return Storage::i8; }

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

 private:
  const T* row(Index first) const { return data_ + first * length_; }
  Index half_block(Index count) const { return count * length_ * Index{sizeof(T)} / 2; }
  // The next block, or after the last what is in the cache already.
  const char* ahead(Index first, Index count) const {
    return reinterpret_cast<const char*>(row(first + count < count_ ? first + count : first));
  }
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

template <class T>
class PlainRows final : public StoredRows {
 public:
  PlainRows(AlignedArray<T> owned, const T* data, Index count, Index length)
      : owned_(std::move(owned)), data_(data), count_(count), length_(length) {}

  Storage storage() const override { return storage_of(T{}); }
  Index count() const override { return count_; }
  Index length() const override { return length_; }
  Index bytes() const override { return count_ * length_ * Index{sizeof(T)}; }

  void prepare(Multiplier& M, bool rough) const override {
    if (!rough || std::is_same_v<T, double>) return;
    M.rough.resize(length_);
    for (Index j = 0; j < length_; ++j) M.rough.data()[j] = static_cast<float>(M.exact.data()[j]);
  }
  void pass(const Multiplier& M, Judge judge, Index first, Index last, PartialSum* part) const override {
    Pass<T> pass(data_, count_, length_, M, part);
    fused_pass(pass, judge, block_rows(), first, last, part != nullptr);
    pass.finish();
  }

 private:
  AlignedArray<T> owned_;  // empty where the data belong to the caller
  const T* data_;
  Index count_, length_;
};

}  // namespace

// Enough rows for the judge to be called seldom, as many at a time as the kernels like, and twice as many in the second-level
// cache: a block and what is fetched meanwhile.
Index StoredRows::block_rows() const {
  constexpr Index often = Index{32} * 1024, cache = Index{768} * 1024;
  const Index row_bytes = bytes() / count();
  if (16 * row_bytes > cache) return 4;
  return std::clamp(often / row_bytes / 8 * 8, Index{8}, most_block_rows);
}

template <class T>
std::unique_ptr<StoredRows> stored_rows(AlignedArray<T> data, Index count, Index length) {
  const T* first = data.data();
  return std::make_unique<PlainRows<T>>(std::move(data), first, count, length);
}
template std::unique_ptr<StoredRows> stored_rows(AlignedArray<double>, Index, Index);
template std::unique_ptr<StoredRows> stored_rows(AlignedArray<float>, Index, Index);
template std::unique_ptr<StoredRows> stored_rows(AlignedArray<Half>, Index, Index);
template std::unique_ptr<StoredRows> stored_rows(AlignedArray<BFloat>, Index, Index);
template std::unique_ptr<StoredRows> stored_rows(AlignedArray<Biased>, Index, Index);

std::unique_ptr<StoredRows> borrowed_rows(const double* data, Index count, Index length) {
  return std::make_unique<PlainRows<double>>(AlignedArray<double>(), data, count, length);
}

}  // namespace gossan
