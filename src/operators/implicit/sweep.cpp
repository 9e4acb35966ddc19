// Measurement matrices that are drawn again whenever they are needed: z_i = <A_i, X>, A_i a pure function of (seed, i).
//
// A pass draws a block of measurements into a core's cache, predicts, asks the judge, and adds the block's adjoint while its bits
// are still there. Beside one block a thread it holds the unknown in the form of the kernels and at most 32 partial sums S.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "operators/implicit/ensemble.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

constexpr Index most_sum_parts = 32;            // of S
constexpr Index least_part = 1024;              // measurements
constexpr Index factor_rows = 32;               // rows of a factor that one thread multiplies
constexpr Index entries_at_once = 4096;         // entries of S that one thread adds up
constexpr Index most_counted = Index{1} << 22;  // measurements whose integer sums fit in 32 bits
constexpr std::size_t most_block = 256;         // measurements

// Of one thread.
struct Scratch {
  AlignedVector<std::uint8_t> drawn;
  IntegerSums sums;
};

struct ImplicitWorkspace {
  Matrix X;  // L R^T
  Matrix S;  // A*(w)
  Unknown unknown;
  std::vector<AlignedVector<double>> parts;  // of S, over entries
  std::vector<std::unique_ptr<Scratch>> scratch;
  std::mutex mutex;  // guards scratch
};

// Lent to a thread for one part; there are as many as threads.
class ScratchLease {
 public:
  explicit ScratchLease(ImplicitWorkspace& work) : work_(work) {
    const std::lock_guard lock(work_.mutex);
    scratch_ = std::move(work_.scratch.back());
    work_.scratch.pop_back();
  }
  ~ScratchLease() {
    const std::lock_guard lock(work_.mutex);
    work_.scratch.push_back(std::move(scratch_));
  }
  ScratchLease(const ScratchLease&) = delete;
  ScratchLease& operator=(const ScratchLease&) = delete;
  Scratch& operator*() { return *scratch_; }

 private:
  ImplicitWorkspace& work_;
  std::unique_ptr<Scratch> scratch_;
};

// Signs of weights that are 0 or of one size; false where they are not.
bool signs_of(std::span<const double> w, std::array<std::int8_t, most_block>& signs, double& size) {
  size = 0;
  signs.fill(0);
  for (std::size_t m = 0; m < w.size(); ++m) {
    if (w[m] == 0) continue;
    if (size == 0) size = std::abs(w[m]);
    if (std::abs(w[m]) != size || !std::isfinite(size)) return false;
    signs[m] = w[m] > 0 ? 1 : -1;
  }
  return true;
}

class Implicit final : public Operator, public WholeAdjoint, public Slices {
 public:
  Implicit(std::shared_ptr<const Ensemble> ensemble, const ImplicitOptions& options, Index start = 0)
      : ensemble_(std::move(ensemble)),
        start_(start),
        n_(options.measurements),
        rows_(options.rows),
        cols_(options.cols),
        symmetric_(options.symmetric) {}

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return n_; }
  Index slice_step() const override { return ensemble_->block(); }
  std::unique_ptr<Operator> slice(Index first, Index count) const override {
    ImplicitOptions some;
    some.measurements = count;
    some.rows = rows_;
    some.cols = cols_;
    some.symmetric = symmetric_;
    return std::make_unique<Implicit>(ensemble_, some, start_ + first);
  }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    WorkspacePool<ImplicitWorkspace>::Lease work(pool_);
    pass(*work, L, R, judge, GL == nullptr ? nullptr : &work->S);
    if (GL == nullptr) return;
    const Matrix& S = work->S;
    parallel_blocks(rows_, factor_rows, [&](Index, Index first, Index last) {
      GL->middleRows(first, last - first).noalias() = S.middleRows(first, last - first) * R;
    });
    parallel_blocks(cols_, factor_rows, [&](Index, Index first, Index last) {
      GR->middleRows(first, last - first).noalias() = S.middleCols(first, last - first).transpose() * L;
    });
  }

  void sweep_whole(const Matrix& L, const Matrix& R, Judge judge, Matrix& S) const override {
    prepare_sweep(*this, L, R, nullptr, nullptr);
    WorkspacePool<ImplicitWorkspace>::Lease work(pool_);
    pass(*work, L, R, judge, &S);
  }

 private:
  Index row_start(Index a) const { return drawn_row(a, cols_, symmetric_); }

  void form_unknown(const Matrix& L, const Matrix& R, ImplicitWorkspace& work) const {
    work.X.resize(rows_, cols_);
    parallel_blocks(rows_, factor_rows, [&](Index, Index first, Index last) {
      work.X.middleRows(first, last - first).noalias() = L.middleRows(first, last - first) * R.transpose();
    });
    const Matrix& X = work.X;
    auto& M = work.unknown.M;
    M.resize(static_cast<std::size_t>(ensemble_->entries()));
    parallel_blocks(rows_, factor_rows, [&](Index, Index first, Index last) {
      for (Index a = first; a < last; ++a) {
        double* to = M.data() + row_start(a);
        if (!symmetric_)
          std::copy_n(&X(a, 0), cols_, to);
        else
          for (Index b = a; b < cols_; ++b) to[b] = b == a ? X(a, a) : X(a, b) + X(b, a);
      }
    });
    double largest = 0, zero = 0;  // 0 x is NaN where x is not finite
    for (const double each : M) {
      largest = std::max(largest, std::abs(each));
      zero += 0 * each;
    }
    work.unknown.largest = largest + zero;
  }

  void prepare_scratch(ImplicitWorkspace& work, Index parts) const {
    const auto wanted = static_cast<std::size_t>(std::min<Index>(threads(), parts));
    while (work.scratch.size() < wanted) work.scratch.push_back(std::make_unique<Scratch>());
    for (const auto& scratch : work.scratch) {
      scratch->drawn.resize(static_cast<std::size_t>(ensemble_->drawn_bytes()));
      scratch->sums.sum.resize(static_cast<std::size_t>(ensemble_->entries()));
    }
  }

  // Judges one block: w holds its predictions, then its weights, 0 beyond the last measurement.
  void judged(const ImplicitWorkspace& work, const Scratch& scratch, const Judge& judge, Index first, Index count,
              std::array<double, most_block>& w) const {
    if (std::isfinite(work.unknown.largest))
      ensemble_->predict(scratch.drawn.data(), work.unknown, judge.rough.has_value(), w.data());
    else
      w.fill(std::numeric_limits<double>::quiet_NaN());
    const auto size = static_cast<std::size_t>(count);
    if (judge.rough) {
      std::array<float, most_block> single;
      std::transform(w.begin(), w.begin() + count, single.begin(), [](double z) { return static_cast<float>(z); });
      (*judge.rough)(first, std::span(single.data(), size));
      std::copy_n(single.begin(), size, w.begin());
    } else {
      judge.exact(first, std::span(w.data(), size));
    }
    std::fill(w.begin() + count, w.end(), 0.0);
  }

  void add_block(Scratch& scratch, const std::array<double, most_block>& w, double* S) const {
    IntegerSums& sums = scratch.sums;
    std::array<std::int8_t, most_block> signs;
    double size = 0;
    if (!signs_of(w, signs, size)) {
      ensemble_->add(scratch.drawn.data(), w.data(), S);
      return;
    }
    if (size == 0) return;
    if (size != sums.weight || sums.measured > most_counted) empty(sums, S, size);
    if (ensemble_->count(scratch.drawn.data(), signs.data(), sums))
      sums.measured += ensemble_->block();
    else
      ensemble_->add(scratch.drawn.data(), w.data(), S);
  }

  void empty(IntegerSums& sums, double* S, double next_weight) const {
    if (sums.measured > 0) {
      ensemble_->collect(sums, S);
      std::fill(sums.sum.begin(), sums.sum.end(), 0);
    }
    sums.nonzero = sums.measured = 0;
    sums.weight = next_weight;
  }

  Index part_length() const {
    const Index block = ensemble_->block();
    return std::max(rounded_up(least_part, block), block * block_count(block_count(n_, block), most_sum_parts));
  }

  // S null: predictions only.
  void pass(ImplicitWorkspace& work, const Matrix& L, const Matrix& R, const Judge& judge, Matrix* S) const {
    form_unknown(L, R, work);
    if (std::isfinite(work.unknown.largest)) ensemble_->lay_out(work.unknown, judge.rough.has_value());
    const Index length = part_length(), parts = block_count(n_, length);
    prepare_scratch(work, parts);
    if (S != nullptr) work.parts.resize(static_cast<std::size_t>(parts));
    parallel_blocks(n_, length, [&](Index part, Index begin, Index end) {
      ScratchLease scratch(work);
      double* sum = nullptr;
      if (S != nullptr) {
        work.parts[static_cast<std::size_t>(part)].assign(static_cast<std::size_t>(ensemble_->entries()), 0.0);
        sum = work.parts[static_cast<std::size_t>(part)].data();
      }
      std::array<double, most_block> w;
      for (Index first = begin; first < end; first += ensemble_->block()) {
        ensemble_->draw(start_ + first, (*scratch).drawn.data());
        judged(work, *scratch, judge, first, std::min(ensemble_->block(), end - first), w);
        if (sum != nullptr) add_block(*scratch, w, sum);
      }
      if (sum != nullptr) empty((*scratch).sums, sum, 0);
    });
    if (S != nullptr) unpack(work, *S);
  }

  void unpack(ImplicitWorkspace& work, Matrix& S) const {
    parallel_blocks(ensemble_->entries(), entries_at_once, [&](Index, Index first, Index last) {
      for (std::size_t part = 1; part < work.parts.size(); ++part)
        for (Index e = first; e < last; ++e)
          work.parts[0][static_cast<std::size_t>(e)] += work.parts[part][static_cast<std::size_t>(e)];
    });
    const double* total = work.parts[0].data();
    S.resize(rows_, cols_);
    parallel_blocks(rows_, factor_rows, [&](Index, Index first, Index last) {
      for (Index a = first; a < last; ++a)
        for (Index b = 0; b < cols_; ++b) S(a, b) = symmetric_ && b < a ? total[row_start(b) + a] : total[row_start(a) + b];
    });
  }

  std::shared_ptr<const Ensemble> ensemble_;
  Index start_;  // of these measurements among those of the ensemble
  Index n_, rows_, cols_;
  bool symmetric_;
  mutable WorkspacePool<ImplicitWorkspace> pool_;
};

}  // namespace

std::unique_ptr<Operator> implicit_operator(std::unique_ptr<Ensemble> ensemble, const ImplicitOptions& options) {
  return std::make_unique<Implicit>(std::move(ensemble), options);
}

}  // namespace gossan
