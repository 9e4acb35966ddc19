// Measurement matrices of rank one: A_e = a_e b_e^T, so z_e = a_e^T X b_e, of which a_e and b_e are stored: n x (rows + cols)
// numbers for n x rows cols. Quadratic measurements have a_e for b_e.
//
// Per block of measurements, with a_e and b_e the rows of A_b and B_b: P^T = A_b L and Q^T = B_b R, z = the column sums of P .*
// Q, and with the weights w that the judge leaves, GL^T += (Q w) A_b and GR^T += (P w) B_b. All four are products of a thin
// matrix with the block, which the second two find in the cache. P, Q and the sums have r rows, whatever r is: vectors run along
// measurements or along rows of X and are always full.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "linalg/kernels/columns.hpp"
#include "linalg/kernels/product.hpp"
#include "operators/finite.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

constexpr Index most_rank_one_parts = 32;  // each with sums of its own
constexpr Index gradient_rows = 64;        // rows of a gradient that one thread adds up

// Blocks stay in the L1 cache from one reading to the next, unless they get so short that it is the sums which move.
Index short_block(Index bytes_per_measurement) {
  constexpr Index cache = Index{24} * 1024;
  const Index fit = cache / bytes_per_measurement / Operator::granule * Operator::granule;
  return std::min(block_length(bytes_per_measurement), std::clamp<Index>(fit, 32, 256));
}

struct Part {
  Matrix P, Q;    // r x block
  Vector z;       // block: predictions, then weights
  Matrix GL, GR;  // r x rows, r x cols: transposed sums
};

struct RankOneWorkspace {
  Matrix L, R;  // the factors transposed: r x rows, r x cols
  std::vector<Part> parts;
};

class RankOne final : public Operator, public Slices {
 public:
  RankOne(const double* a, const double* b, Index n, Index rows, Index cols)
      : a_(a),
        b_(b),
        n_(n),
        rows_(rows),
        cols_(cols),
        block_(short_block((a == b ? rows : rows + cols) * Index{sizeof(double)})) {}
  // Owning; b is empty for quadratic measurements. The heap blocks, and so a_ and b_, stay where they are.
  RankOne(Matrix a, Matrix b)
      : RankOne(a.data(), b.size() == 0 ? a.data() : b.data(), a.rows(), a.cols(), b.size() == 0 ? a.cols() : b.cols()) {
    owned_a_ = std::move(a);
    owned_b_ = std::move(b);
  }

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return n_; }
  Index slice_step() const override { return granule; }
  std::unique_ptr<Operator> slice(Index first, Index count) const override {
    return std::make_unique<RankOne>(a_ + first * rows_, a_ == b_ ? a_ + first * rows_ : b_ + first * cols_, count, rows_, cols_);
  }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    WorkspacePool<RankOneWorkspace>::Lease work(pool_);
    const bool symmetric = a_ == b_ && &L == &R;
    work->L = L.transpose();
    if (!symmetric) work->R = R.transpose();
    const Index part_length = block_ * block_count(block_count(n_, block_), most_rank_one_parts);
    work->parts.resize(static_cast<std::size_t>(block_count(n_, part_length)));
    parallel_blocks(n_, part_length, [&](Index p, Index begin, Index end) {
      Part& part = work->parts[static_cast<std::size_t>(p)];
      prepare(part, L.cols(), symmetric, GL != nullptr);
      for (Index first = begin; first < end; first += block_) {
        const Index count = std::min(block_, end - first);
        if (symmetric)
          symmetric_block(*work, part, judge, first, count, GL != nullptr);
        else
          block(*work, part, judge, first, count, GL != nullptr);
      }
    });
    if (GL == nullptr) return;
    add_up(work->parts, &Part::GL, *GL);
    // A*(w) is symmetric: with one factor on both sides the gradients are the same.
    if (symmetric)
      *GR = *GL;
    else
      add_up(work->parts, &Part::GR, *GR);
  }

 private:
  void prepare(Part& part, Index r, bool symmetric, bool gradients) const {
    part.P.resize(r, block_);
    part.z.resize(block_);
    if (gradients) part.GL.setZero(r, rows_);
    if (symmetric) return;
    part.Q.resize(r, block_);
    if (gradients) part.GR.setZero(r, cols_);
  }

  // P = F^T A_b^T, for a factor that is given transposed.
  static void project(const Matrix& F, const double* data, Index count, Matrix& P) {
    multiply_rows(F.rows(), count, F.cols(), F.data(), F.cols(), data, F.cols(), P.data(), P.cols());
  }

  // The weights of a block, from its predictions.
  void weigh(const Matrix& P, const Matrix& Q, Judge judge, Index first, Index count, Vector& z) const {
    column_dots(P.rows(), count, P.data(), Q.data(), block_, z.data());
    judge.exact(first, std::span(z.data(), static_cast<std::size_t>(count)));
  }

  // G += (P w) A_b, while the next block comes into the cache; P is overwritten.
  void collect(const Vector& w, const double* data, Index count, Matrix& P, Matrix& G) const {
    scale_columns(P.rows(), count, w.data(), P.data(), block_);
    const Index d = G.cols();
    multiply(P.rows(), d, count, {P.data(), block_, 1}, data, d, G.data(), d, true, data + count * d);
  }

  void block(const RankOneWorkspace& work, Part& part, Judge judge, Index first, Index count, bool gradients) const {
    const double *a = a_ + first * rows_, *b = b_ + first * cols_;
    project(work.L, a, count, part.P);
    project(work.R, b, count, part.Q);
    weigh(part.P, part.Q, judge, first, count, part.z);
    if (!gradients) return;
    collect(part.z, a, count, part.Q, part.GL);
    collect(part.z, b, count, part.P, part.GR);
  }

  void symmetric_block(const RankOneWorkspace& work, Part& part, Judge judge, Index first, Index count, bool gradients) const {
    const double* a = a_ + first * rows_;
    project(work.L, a, count, part.P);
    weigh(part.P, part.P, judge, first, count, part.z);
    if (gradients) collect(part.z, a, count, part.P, part.GL);
  }

  static void add_up(const std::vector<Part>& parts, Matrix Part::*sum, Matrix& G) {
    parallel_blocks(G.rows(), gradient_rows, [&](Index, Index first, Index last) {
      auto lines = G.middleRows(first, last - first);
      lines.setZero();
      for (const Part& part : parts) lines += (part.*sum).middleCols(first, last - first).transpose();
    });
  }

  Matrix owned_a_, owned_b_;  // empty where the data belong to the caller
  const double *a_, *b_;      // n x rows, n x cols; equal for quadratic measurements
  Index n_, rows_, cols_;
  Index block_;
  mutable WorkspacePool<RankOneWorkspace> pool_;
};

void check_data(const char* what, std::span<const double> data, Index n, Index length) {
  if (n < 1 || length < 1)
    throw std::invalid_argument(
        fmt::format("rank_one: {} holds {} vectors of {} numbers, expected at least one of at least 1", what, n, length));
  Index size = 0;
  if (__builtin_mul_overflow(n, length, &size) || size != static_cast<Index>(data.size()))
    throw std::invalid_argument(
        fmt::format("rank_one: {} has {} numbers, expected {} vectors of {}", what, data.size(), n, length));
  if (const auto bad = first_not_finite(data))
    throw std::invalid_argument(fmt::format("rank_one: entry {} of vector {} of {} is {}, expected a finite number",
                                            *bad % length, *bad / length, what, data[static_cast<std::size_t>(*bad)]));
}

std::span<const double> view(const Matrix& M) { return {M.data(), static_cast<std::size_t>(M.size())}; }

}  // namespace

std::unique_ptr<Operator> rank_one(std::span<const double> a, Index n, Index d) {
  check_data("a", a, n, d);
  return std::make_unique<RankOne>(a.data(), a.data(), n, d, d);
}

std::unique_ptr<Operator> rank_one(std::span<const double> a, std::span<const double> b, Index n, Index rows, Index cols) {
  check_data("a", a, n, rows);
  check_data("b", b, n, cols);
  return std::make_unique<RankOne>(a.data(), b.data(), n, rows, cols);
}

std::unique_ptr<Operator> rank_one(Matrix a) {
  check_data("a", view(a), a.rows(), a.cols());
  return std::make_unique<RankOne>(std::move(a), Matrix());
}

std::unique_ptr<Operator> rank_one(Matrix a, Matrix b) {
  check_data("a", view(a), a.rows(), a.cols());
  check_data("b", view(b), b.rows(), b.cols());
  if (a.rows() != b.rows())
    throw std::invalid_argument(fmt::format("rank_one: a holds {} vectors and b {}, expected as many", a.rows(), b.rows()));
  return std::make_unique<RankOne>(std::move(a), std::move(b));
}

}  // namespace gossan
