// Rows of any number type, read as floating-point numbers.
#include "operators/dense_rows.hpp"

#include <type_traits>
#include <utility>

#include "operators/dense_pass.hpp"

namespace gossan {
namespace {

constexpr Storage storage_of(double) { return Storage::f64; }
constexpr Storage storage_of(float) { return Storage::f32; }
constexpr Storage storage_of(Half) { return Storage::f16; }
constexpr Storage storage_of(BFloat) { return Storage::bf16; }
constexpr Storage storage_of(Biased) { return Storage::i8; }

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

// As many rows at a time as the kernels like, and no more than are still in the first-level cache when they are added; where
// those are few, twice as many in the second-level cache: a block and what is fetched meanwhile.
Index StoredRows::block_rows() const {
  constexpr Index half_first = Index{16} * 1024, most_first = Index{24} * 1024, second = Index{768} * 1024;
  const Index row_bytes = bytes() / count();
  if (8 * row_bytes <= half_first) return std::min(half_first / row_bytes / 8 * 8, most_block_rows);
  const bool four = 4 * row_bytes <= most_first || 16 * row_bytes > second;
  return four ? 4 : 8;
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
