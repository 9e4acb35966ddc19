// Measurement matrices held densely: z_e = <A_e, X>, the data A an n x d array with one matrix of d = rows cols entries, or its
// upper triangle, a row.
//
// A pass reads every block of A twice in a row, for z = A_b x and for S += A_b^T w, the second time from the cache; everything
// else it touches is d numbers. S is summed in a fixed number of parts, added in a fixed order.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "operators/dense_factors.hpp"
#include "operators/dense_rows.hpp"
#include "operators/dense_storage.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

struct DenseWorkspace {
  FactorSpace factors;
  Multiplier M;
  std::vector<PartialSum> parts;  // of the sum of rows
  AlignedArray<double> total;
  Matrix S;  // A*(w)
};

constexpr Index entry_block = 4096;  // numbers of the sum that one thread adds up

// How many rows make a part: at most 64 parts, which cost little memory beside the data; and none so small that waking a thread
// for it is a loss.
Index part_rows(const StoredRows& data) {
  constexpr Index most_parts = 64, least_bytes = Index{512} * 1024, least_sums = 8;
  const Index n = data.count(), block = data.block_rows();
  const Index bytes_per_number = std::max<Index>(1, data.bytes() / (n * data.length()));
  const Index least_rows = most_parts * least_sums / bytes_per_number;
  const Index parts = std::clamp<Index>(std::min(data.bytes() / least_bytes, n / least_rows), 1, most_parts);
  return block * block_count(block_count(n, block), parts);
}

// One storage of the rows, and the passes over it.
class Passes {
 public:
  Passes(std::unique_ptr<StoredRows> data, RowShape shape) : data_(std::move(data)), shape_(shape), part_(part_rows(*data_)) {}
  const StoredRows& data() const { return *data_; }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const {
    WorkspacePool<DenseWorkspace>::Lease work(pool_);
    pass(L, R, judge, *work, GL == nullptr ? nullptr : &work->S);
    if (GL != nullptr) multiply_factors(work->S, L, R, shape_, work->factors, *GL, *GR);
  }

  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const {
    WorkspacePool<DenseWorkspace>::Lease work(pool_);
    pass(L, R, judge, *work, &S);
  }

 private:
  void pass(const Matrix& L, const Matrix& R, Judge judge, DenseWorkspace& work, Matrix* S) const {
    const Index n = data_->count(), length = data_->length();
    if (static_cast<Index>(work.M.exact.size()) != length) {
      work.M.exact.resize(length);
      std::fill_n(work.M.exact.data(), length, 0.0);
      work.parts.resize(static_cast<std::size_t>(block_count(n, part_)));
    }
    multiplier_of(L, R, shape_, work.factors, work.M.exact.data());
    data_->prepare(work.M, judge.rough.has_value());
    parallel_blocks(n, part_, [&](Index part, Index first, Index last) {
      data_->pass(work.M, judge, first, last, S == nullptr ? nullptr : &work.parts[static_cast<std::size_t>(part)]);
    });
    if (S == nullptr) return;
    S->resize(shape_.rows, shape_.cols);
    unpack(total(work), shape_, *S);
  }

  const double* total(DenseWorkspace& work) const {
    if (work.parts.size() == 1) return work.parts[0].sum.data();
    work.total.resize(data_->length());
    double* sum = work.total.data();
    parallel_blocks(data_->length(), entry_block, [&](Index, Index first, Index last) {
      std::copy(work.parts[0].sum.data() + first, work.parts[0].sum.data() + last, sum + first);
      for (std::size_t part = 1; part < work.parts.size(); ++part) {
        const double* more = work.parts[part].sum.data();
        for (Index k = first; k < last; ++k) sum[k] += more[k];
      }
    });
    return sum;
  }

  std::unique_ptr<StoredRows> data_;
  RowShape shape_;
  Index part_;
  mutable WorkspacePool<DenseWorkspace> pool_;
};

// Some consecutive rows of others.
class SomeRows final : public StoredRows {
 public:
  SomeRows(const StoredRows& all, Index first, Index count) : all_(all), first_(first), count_(count) {}
  Storage storage() const override { return all_.storage(); }
  Index count() const override { return count_; }
  Index length() const override { return all_.length(); }
  Index bytes() const override { return all_.bytes() / all_.count() * count_; }
  void prepare(Multiplier& M, bool rough) const override { all_.prepare(M, rough); }
  void pass(const Multiplier& M, Judge judge, Index first, Index last, PartialSum* part) const override {
    const auto exact = [&](Index at, std::span<double> z) { judge.exact(at - first_, z); };
    const auto rough = [&](Index at, std::span<float> z) { (*judge.rough)(at - first_, z); };
    all_.pass(M, judge.rough ? Judge(exact, rough) : Judge(exact), first_ + first, first_ + last, part);
  }

 private:
  const StoredRows& all_;
  Index first_, count_;
};

// `rough` may be null: the same rows in a narrower storage, for judges that ask for no more.
class Dense final : public Operator, public WholeAdjoint, public Footprint, public RoughError, public Slices {
 public:
  Dense(std::unique_ptr<StoredRows> data, RowShape shape, std::unique_ptr<StoredRows> rough = nullptr)
      : shape_(shape), exact_(std::move(data), shape) {
    if (rough != nullptr) rough_.emplace(std::move(rough), shape);
  }

  Index rows() const override { return shape_.rows; }
  Index cols() const override { return shape_.cols; }
  Index measurements() const override { return exact_.data().count(); }
  double rough_error() const override {
    constexpr double half_rounding = 3e-4;
    return rough_ && rough_->data().storage() == Storage::f16 ? half_rounding : single_rounding;
  }
  Index slice_step() const override {
    return rough_ ? std::lcm(exact_.data().block_rows(), rough_->data().block_rows()) : exact_.data().block_rows();
  }
  std::unique_ptr<Operator> slice(Index first, Index count) const override {
    const auto some = [&](const StoredRows& all) { return std::make_unique<SomeRows>(all, first, count); };
    return std::make_unique<Dense>(some(exact_.data()), shape_, rough_ ? some(rough_->data()) : nullptr);
  }
  Index bytes() const override { return exact_.data().bytes() + (rough_ ? rough_->data().bytes() : 0); }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    passes_for(judge).sweep(L, R, judge, GL, GR);
  }

  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const override {
    prepare_sweep(*this, L, R, nullptr, nullptr);
    passes_for(judge).sweep_whole(L, R, judge, S);
  }

 private:
  const Passes& passes_for(const Judge& judge) const { return judge.rough && rough_ ? *rough_ : exact_; }

  RowShape shape_;
  Passes exact_;
  std::optional<Passes> rough_;
};

// Keeps the matrix that its rows borrow.
class OwnedRows final : public StoredRows {
 public:
  explicit OwnedRows(Matrix A) : A_(std::move(A)), rows_(borrowed_rows(A_.data(), A_.rows(), A_.cols())) {}
  Storage storage() const override { return rows_->storage(); }
  Index count() const override { return rows_->count(); }
  Index length() const override { return rows_->length(); }
  Index bytes() const override { return rows_->bytes(); }
  void prepare(Multiplier& M, bool rough) const override { rows_->prepare(M, rough); }
  void pass(const Multiplier& M, Judge judge, Index first, Index last, PartialSum* part) const override {
    rows_->pass(M, judge, first, last, part);
  }

 private:
  Matrix A_;
  std::unique_ptr<StoredRows> rows_;
};

void check_data(std::span<const double> A, Index n, const RowShape& shape) {
  check_shape(n, shape);
  if (n * shape.whole() != static_cast<Index>(A.size()))
    throw std::invalid_argument(
        fmt::format("dense: A has {} numbers, expected {} matrices of {} x {}", A.size(), n, shape.rows, shape.cols));
  check_all_finite(A, n, shape);
}

}  // namespace

std::optional<Storage> choose_rough_storage(const ReadRows& read, Index n, Index rows, Index cols, Storage asked) {
  constexpr double least_half = 1e-2, most_half = 6e4, least_single = 1e-9, most_single = 1e9;
  constexpr Index rows_at_once = 64;
  double largest = 0;
  std::vector<double> numbers;
  for (Index first = 0; first < n; first += rows_at_once) {
    numbers.resize(static_cast<std::size_t>(std::min(rows_at_once, n - first) * rows * cols));
    read(first, numbers);
    for (const double each : numbers) largest = std::max(largest, std::abs(each));
  }
  if (asked == Storage::f16 && largest > least_half && largest < most_half) return Storage::f16;
  if (largest > least_single && largest < most_single) return Storage::f32;
  return std::nullopt;
}

std::unique_ptr<Operator> dense(const ReadRows& read, Index n, Index rows, Index cols, const DenseOptions& options) {
  const RowShape shape{rows, cols, options.symmetric};
  check_shape(n, shape);
  auto data = read_rows(read, n, shape, options.storage);
  std::unique_ptr<StoredRows> rough;
  if (options.rough_copy && options.storage == Storage::f64) rough = read_rows(read, n, shape, *options.rough_copy);
  return std::make_unique<Dense>(std::move(data), shape, std::move(rough));
}

std::unique_ptr<Operator> dense(std::span<const double> A, Index n, Index rows, Index cols) {
  const RowShape shape{rows, cols, false};
  check_data(A, n, shape);
  return std::make_unique<Dense>(borrowed_rows(A.data(), n, shape.whole()), shape);
}

std::unique_ptr<Operator> dense(Matrix A, Index rows, Index cols) {
  const RowShape shape{rows, cols, false};
  check_data(std::span<const double>(A.data(), static_cast<std::size_t>(A.size())), A.rows(), shape);
  return std::make_unique<Dense>(std::make_unique<OwnedRows>(std::move(A)), shape);
}

}  // namespace gossan
