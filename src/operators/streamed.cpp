// Measurement matrices that no memory holds: the dense operator over rows that are read anew in every sweep.
//
// A sweep reads a ring of buffers ahead, and each buffer is predicted, judged and added to the adjoint while it is there. The
// rows of a buffer fall into a fixed number of slices, each with a sum of its own over all buffers; sums are added in order. All
// memory is accounted for before the first is allocated.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "linalg/kernels/product.hpp"
#include "linalg/pipeline.hpp"
#include "operators/finite.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

constexpr Index number = sizeof(double);
constexpr Index slots = 3;                                // one at work, one read, one to even out how fast both go
constexpr Index most_bytes = Index{4} << 20;              // of a buffer: three of them stay in a shared cache
constexpr Index most_slices = 16;                         // of a buffer, each with a sum
constexpr Index least_rows = Operator::granule;           // of a buffer
constexpr Index least_matrices = slots * least_rows + 3;  // in memory: the buffers, X, S and one sum
constexpr Index formed_rows = 32;                         // rows of X that one thread forms

// How the memory is shared out.
struct Plan {
  Index slices;
  Index rows;  // measurements of a buffer
};

struct StreamedWorkspace {
  Matrix X, S;        // L R^T and A*(w), rows x cols
  Matrix Rt, GL, GR;  // R and the gradients, transposed
  std::vector<Vector> sums, buffers;
  Vector z;  // of a buffer
  Pipeline pipeline;
};

class Streamed final : public Operator, public WholeAdjoint, public Slices {
 public:
  Streamed(ReadRows read, Index n, Index rows, Index cols, Plan plan)
      : read_(std::move(read)), n_(n), rows_(rows), cols_(cols), plan_(plan) {}

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return n_; }
  Index slice_step() const override { return granule; }
  std::unique_ptr<Operator> slice(Index first, Index count) const override {
    const auto read = [this, first](Index from, std::span<double> out) { read_(first + from, out); };
    return std::make_unique<Streamed>(read, count, rows_, cols_, plan_);
  }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    WorkspacePool<StreamedWorkspace>::Lease work(pool_);
    form(L, R, *work);
    pass(*work, judge, GL != nullptr);
    if (GL == nullptr) return;
    add_up(work->sums, work->S);
    const Index r = L.cols();
    work->GL.resize(r, rows_);
    multiply_rows(r, rows_, cols_, work->Rt.data(), cols_, work->S.data(), cols_, work->GL.data(), rows_);
    work->GR.resize(r, cols_);
    multiply(r, cols_, rows_, {L.data(), 1, r}, work->S.data(), cols_, work->GR.data(), cols_, false);
    *GL = work->GL.transpose();
    *GR = work->GR.transpose();
  }

  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const override {
    prepare_sweep(*this, L, R, nullptr, nullptr);
    WorkspacePool<StreamedWorkspace>::Lease work(pool_);
    form(L, R, *work);
    pass(*work, judge, true);
    add_up(work->sums, S);
  }

  // Throws std::invalid_argument on the first number that is not finite.
  void check_all_finite() const {
    WorkspacePool<StreamedWorkspace>::Lease work(pool_);
    each_buffer(*work, [&](Index first, Index count, const double* data) {
      const Index d = rows_ * cols_;
      const auto bad = first_not_finite({data, static_cast<std::size_t>(count * d)});
      if (bad)
        throw std::invalid_argument(fmt::format("streamed: entry {} of matrix {} is {}, expected a finite number", *bad % d,
                                                first + *bad / d, data[*bad]));
    });
  }

 private:
  void form(const Matrix& L, const Matrix& R, StreamedWorkspace& work) const {
    work.X.resize(rows_, cols_);
    work.Rt = R.transpose();
    const Index r = L.cols();
    parallel_blocks(rows_, formed_rows, [&](Index, Index first, Index last) {
      multiply(last - first, cols_, r, {L.data() + first * r, r, 1}, work.Rt.data(), cols_, work.X.data() + first * cols_, cols_,
               false);
    });
  }

  template <class Work>
  void each_buffer(StreamedWorkspace& work, Work&& of_buffer) const {
    work.buffers.resize(slots);
    for (Vector& buffer : work.buffers) buffer.resize(plan_.rows * rows_ * cols_);
    const auto count = [&](Index step) { return std::min(plan_.rows, n_ - step * plan_.rows); };
    const auto data = [&](Index slot) { return work.buffers[static_cast<std::size_t>(slot)].data(); };
    work.pipeline.run(
        block_count(n_, plan_.rows), slots,
        [&](Index step, Index slot) {
          read_(step * plan_.rows, std::span(data(slot), static_cast<std::size_t>(count(step) * rows_ * cols_)));
        },
        [&](Index step, Index slot) { of_buffer(step * plan_.rows, count(step), data(slot)); });
  }

  void pass(StreamedWorkspace& work, Judge judge, bool adjoint) const {
    const Index d = rows_ * cols_, block = block_length(d * number);
    // Slices are whole granules, so that no block but the very last is shorter.
    const Index slice = granule * block_count(block_count(plan_.rows, granule), plan_.slices);
    work.z.resize(plan_.rows);
    work.sums.resize(static_cast<std::size_t>(plan_.slices));
    if (adjoint)
      for (Vector& sum : work.sums) sum.setZero(d);
    each_buffer(work, [&](Index start, Index rows, const double* data) {
      parallel_blocks(rows, slice, [&](Index s, Index begin, Index end) {
        double* sum = work.sums[static_cast<std::size_t>(s)].data();
        for (Index first = begin; first < end; first += block) {
          const Index count = std::min(block, end - first);
          const double* A = data + first * d;
          double* z = work.z.data() + first;
          multiply_rows(1, count, d, work.X.data(), d, A, d, z, count);
          judge.exact(start + first, std::span(z, static_cast<std::size_t>(count)));
          if (adjoint) multiply(1, d, count, {z, 0, 1}, A, d, sum, d, true, A + count * d);
        }
      });
    });
  }

  void add_up(const std::vector<Vector>& sums, Matrix& S) const {
    S.resize(rows_, cols_);
    Eigen::Map<Vector> total(S.data(), S.size());
    total = sums[0];
    for (std::size_t s = 1; s < sums.size(); ++s) total += sums[s];
  }

  ReadRows read_;
  Index n_, rows_, cols_;
  Plan plan_;
  mutable WorkspacePool<StreamedWorkspace> pool_;
};

Plan share_out(Index n, Index rows, Index cols, Index memory_limit) {
  Index matrix = 0, least = 0;
  if (n < 1 || rows < 1 || cols < 1 || __builtin_mul_overflow(rows, cols, &matrix) ||
      __builtin_mul_overflow(matrix, number, &matrix) || __builtin_mul_overflow(matrix + number, least_matrices, &least))
    throw std::invalid_argument(fmt::format(
        "streamed: {} matrices of {} x {}, expected at least one of at least 1 x 1 that memory may hold", n, rows, cols));
  if (memory_limit < least)
    throw std::invalid_argument(fmt::format("streamed: memory_limit is {} bytes, expected at least {} for matrices of {} x {}",
                                            memory_limit, least, rows, cols));
  Plan plan{};
  plan.slices = std::min(most_slices, 1 + (memory_limit - least) / (4 * matrix));
  // A measurement takes its matrix in every slot, and its prediction.
  const Index free = memory_limit - (2 + plan.slices) * matrix, row = slots * matrix + number;
  const Index most = std::max(std::min(most_bytes / matrix, n), least_rows);
  plan.rows = std::max(least_rows, std::min(free / row, most) / Operator::granule * Operator::granule);
  return plan;
}

}  // namespace

std::unique_ptr<Operator> streamed(ReadRows read, Index n, Index rows, Index cols, Index memory_limit) {
  auto A = std::make_unique<Streamed>(std::move(read), n, rows, cols, share_out(n, rows, cols, memory_limit));
  A->check_all_finite();
  return A;
}

}  // namespace gossan
