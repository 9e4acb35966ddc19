// Measurement matrices held densely: z_e = <A_e, X>, the data A an n x d array with one matrix of d = rows cols entries a row.
//
// A pass reads every block of A twice in a row, for z = A_b x and for S += A_b^T w, the second time from the cache; everything
// else it touches is d numbers. S is summed in a fixed number of parts, added in a fixed order.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "operators/finite.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

using ConstRows = Eigen::Map<const Matrix>;

constexpr Index most_parts = 64;     // at least 64 measurements each: the parts of S take at most 1/64 of the data's memory
constexpr Index row_block = 32;      // rows of a factor that one thread multiplies
constexpr Index entry_block = 4096;  // entries of S that one thread adds up

struct Workspace {
  Matrix X;                   // L R^T
  Matrix S;                   // A*(w)
  Vector z;                   // n
  std::vector<Vector> parts;  // of S
};

class Dense final : public Operator, public WholeAdjoint {
 public:
  Dense(std::span<const double> data, Index n, Index rows, Index cols)
      : data_(data.data()), n_(n), rows_(rows), cols_(cols), block_(block_length(rows * cols * Index{sizeof(double)})) {}
  Dense(Matrix A, Index rows, Index cols) : Dense(std::span(A.data(), static_cast<std::size_t>(A.size())), A.rows(), rows, cols) {
    owned_ = std::move(A);  // the heap block, and so data_, stays where it is
  }

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return n_; }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    WorkspacePool<Workspace>::Lease work(pool_);
    form(L, R, work->X);
    if (GL == nullptr) {
      predict_all(*work, judge);
      return;
    }
    pass(*work, judge, work->S);
    const Matrix& S = work->S;
    parallel_blocks(rows_, row_block, [&](Index, Index first, Index last) {
      GL->middleRows(first, last - first).noalias() = S.middleRows(first, last - first) * R;
    });
    parallel_blocks(cols_, row_block, [&](Index, Index first, Index last) {
      GR->middleRows(first, last - first).noalias() = S.middleCols(first, last - first).transpose() * L;
    });
  }

  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const override {
    prepare_sweep(*this, L, R, nullptr, nullptr);
    WorkspacePool<Workspace>::Lease work(pool_);
    form(L, R, work->X);
    pass(*work, judge, S);
  }

 private:
  static void form(const Matrix& L, const Matrix& R, Matrix& X) {
    X.resize(L.rows(), R.rows());
    parallel_blocks(X.rows(), row_block, [&](Index, Index first, Index last) {
      X.middleRows(first, last - first).noalias() = L.middleRows(first, last - first) * R.transpose();
    });
  }

  // z of one block of measurements, judged: afterwards the weights. Returns them.
  auto judged(Workspace& work, Judge judge, Index first, Index count) const {
    const Index d = rows_ * cols_;
    const Eigen::Map<const Vector> x(work.X.data(), d);
    auto z = work.z.segment(first, count);
    z.noalias() = ConstRows(data_ + first * d, count, d) * x;
    judge.exact(first, std::span(z.data(), static_cast<std::size_t>(count)));
    return z;
  }

  void predict_all(Workspace& work, Judge judge) const {
    work.z.resize(n_);
    parallel_blocks(n_, block_, [&](Index, Index first, Index last) { judged(work, judge, first, last - first); });
  }

  void pass(Workspace& work, Judge judge, Matrix& S) const {
    const Index d = rows_ * cols_;
    const Index part_length = block_ * block_count(block_count(n_, block_), most_parts);
    work.z.resize(n_);
    work.parts.resize(static_cast<std::size_t>(block_count(n_, part_length)));
    parallel_blocks(n_, part_length, [&](Index part, Index begin, Index end) {
      Vector& sum = work.parts[static_cast<std::size_t>(part)];
      sum.setZero(d);
      for (Index first = begin; first < end; first += block_) {
        const Index count = std::min(block_, end - first);
        const auto w = judged(work, judge, first, count);
        sum.noalias() += ConstRows(data_ + first * d, count, d).transpose() * w;
      }
    });
    S.resize(rows_, cols_);
    Eigen::Map<Vector> total(S.data(), d);
    parallel_blocks(d, entry_block, [&](Index, Index first, Index last) {
      total.segment(first, last - first) = work.parts[0].segment(first, last - first);
      for (std::size_t part = 1; part < work.parts.size(); ++part)
        total.segment(first, last - first) += work.parts[part].segment(first, last - first);
    });
  }

  Matrix owned_;  // empty where the data belong to the caller
  const double* data_;
  Index n_, rows_, cols_;
  Index block_;
  mutable WorkspacePool<Workspace> pool_;
};

void check_data(std::span<const double> A, Index n, Index rows, Index cols) {
  if (n < 1 || rows < 1 || cols < 1)
    throw std::invalid_argument(
        fmt::format("dense: {} matrices of {} x {}, expected at least one of at least 1 x 1", n, rows, cols));
  Index d = 0, size = 0;
  if (__builtin_mul_overflow(rows, cols, &d) || __builtin_mul_overflow(n, d, &size) || size != static_cast<Index>(A.size()))
    throw std::invalid_argument(fmt::format("dense: A has {} numbers, expected {} matrices of {} x {}", A.size(), n, rows, cols));
  if (const auto bad = first_not_finite(A))
    throw std::invalid_argument(fmt::format("dense: entry {} of matrix {} is {}, expected a finite number", *bad % d, *bad / d,
                                            A[static_cast<std::size_t>(*bad)]));
}

}  // namespace

std::unique_ptr<Operator> dense(std::span<const double> A, Index n, Index rows, Index cols) {
  check_data(A, n, rows, cols);
  return std::make_unique<Dense>(A, n, rows, cols);
}

std::unique_ptr<Operator> dense(Matrix A, Index rows, Index cols) {
  check_data(std::span<const double>(A.data(), static_cast<std::size_t>(A.size())), A.rows(), rows, cols);
  return std::make_unique<Dense>(std::move(A), rows, cols);
}

}  // namespace gossan
