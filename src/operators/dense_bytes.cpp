// Rows of whole numbers in bytes. Where the machine multiplies bytes, predictions are sums of integers, and so is the adjoint of
// weights that are 0 or of one size, as those of the absolute loss; other weights and other machines take PlainRows' way.
#include "operators/dense_bytes.hpp"

#include <cmath>
#include <limits>
#include <utility>

#include "linalg/kernels/rows_i8.hpp"
#include "operators/dense_pass.hpp"

namespace gossan {
namespace {

// The size of weights that are 0 or of that size, and their signs; NaN where there is none.
template <class Real>
double signs_of(const Real* w, Index count, std::array<std::int8_t, most_block_rows>& signs) {
  Real size = 0;
  for (Index b = 0; b < count; ++b) {
    if (size == 0) size = std::abs(w[b]);
    if (w[b] != 0 && (std::abs(w[b]) != size || !std::isfinite(size))) return std::numeric_limits<double>::quiet_NaN();
    signs[static_cast<std::size_t>(b)] = static_cast<std::int8_t>((w[b] > 0) - (w[b] < 0));
  }
  return static_cast<double>(size);
}

class BytePass {
 public:
  static constexpr bool has_rough = true;

  BytePass(ByteKernels kernels, const Biased* data, Index count, Index length, const Multiplier& M, bool rough, PartialSum* part)
      : plain_(data, count, length, M, part), kernels_(kernels), length_(length), M_(M), rough_(rough), part_(part) {
    if (part == nullptr) return;
    part->counts.resize(length);
    std::fill_n(part->counts.data(), length, std::int16_t{0});
  }

  template <class Real>
  void dots(Index first, Index count, Real* z) {
    std::array<double, most_block_rows> exact;
    if (std::isfinite(M_.largest)) {
      kernels_.dots(plain_.row(first), count, length_, M_.digits, rough_, plain_.ahead(first, count), exact.data());
    } else {
      exact.fill(std::numeric_limits<double>::quiet_NaN());
    }
    for (Index b = 0; b < count; ++b) z[b] = static_cast<Real>(exact[static_cast<std::size_t>(b)]);
  }

  template <class Real>
  void add(Index first, Index count, const Real* w) {
    std::array<std::int8_t, most_block_rows> signs;
    const double size = signs_of(w, count, signs);
    if (std::isnan(size)) return plain_.add(first, count, w);
    if (size == 0) return;
    if (size != size_ || counted_ + count > most_counted_rows) collect();
    size_ = size;
    counted_ += count;
    for (Index b = 0; b < count; ++b) signs_ += signs[static_cast<std::size_t>(b)];
    kernels_.add(plain_.row(first), count, length_, signs.data(), plain_.ahead(first, count) + plain_.half_block(count),
                 part_->counts.data());
  }

  void finish() {
    if (part_ != nullptr) collect();
    plain_.finish();
  }

 private:
  void collect() {
    if (counted_ > 0) kernels_.collect(part_->counts.data(), length_, signs_, size_, part_->sum.data());
    counted_ = 0;
    signs_ = 0;
  }

  Pass<Biased> plain_;
  ByteKernels kernels_;
  Index length_;
  const Multiplier& M_;
  bool rough_;
  PartialSum* part_;
  double size_ = 0;    // of the weights of the rows that are counted
  Index counted_ = 0;  // rows
  int signs_ = 0;      // their sum
};

class ByteRows final : public StoredRows {
 public:
  ByteRows(const Biased* data, std::unique_ptr<StoredRows> plain) : data_(data), plain_(std::move(plain)) {}

  Storage storage() const override { return plain_->storage(); }
  Index count() const override { return plain_->count(); }
  Index length() const override { return plain_->length(); }
  Index bytes() const override { return plain_->bytes(); }

  void prepare(Multiplier& M, bool rough) const override {
    if (byte_kernels().dots == nullptr) return plain_->prepare(M, rough);
    double largest = 0, zero = 0;  // 0 x is NaN where x is not finite
    for (Index j = 0; j < length(); ++j) {
      largest = std::max(largest, std::abs(M.exact.data()[j]));
      zero += 0 * M.exact.data()[j];
    }
    M.largest = largest + zero;
    if (std::isfinite(M.largest)) level_layout(M.exact.data(), length(), M.largest, rough, M.digits);
  }

  void pass(const Multiplier& M, Judge judge, Index first, Index last, PartialSum* part) const override {
    const ByteKernels kernels = byte_kernels();
    if (kernels.dots == nullptr) return plain_->pass(M, judge, first, last, part);
    BytePass pass(kernels, data_, count(), length(), M, judge.rough.has_value(), part);
    fused_pass(pass, judge, block_rows(), first, last, part != nullptr);
    pass.finish();
  }

 private:
  const Biased* data_;
  std::unique_ptr<StoredRows> plain_;  // holds them
};

}  // namespace

std::unique_ptr<StoredRows> byte_rows(AlignedArray<Biased> data, Index count, Index length) {
  const Biased* first = data.data();
  return std::make_unique<ByteRows>(first, stored_rows(std::move(data), count, length));
}

}  // namespace gossan
