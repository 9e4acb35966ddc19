// Entries of the matrix: A_e = e_i e_j^T, so z_e = <L_i, R_j>.
//
// One pass over blocks of sorted entries: predictions, judged, then GL_i += w_e R_j and GR_j += w_e L_i while the block's rows of
// the factors are still in the cache. A chunk of rows adds up GR by itself; the chunks' sums are added in their order. A matrix
// that is wider than tall is swept as its transpose, so that what chunks have of their own is the smaller factor.
#include <fmt/format.h>

#include <limits>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "operators/entry_layout.hpp"
#include "operators/incidence.hpp"
#include "operators/padded_rows.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

template <class Real>
struct EntriesWorkspace {
  AlignedArray<Real> L, R, GL;         // padded
  std::vector<AlignedArray<Real>> GR;  // of each chunk
  std::vector<AlignedArray<Real>> z;   // of the block that each chunk is at: predictions, then weights
};

class Entries final : public Operator, public Footprint {
 public:
  Entries(Index rows, Index cols, std::span<const Index> i, std::span<const Index> j)
      : rows_(rows),
        cols_(cols),
        transposed_(cols > rows),
        layout_(transposed_ ? lay_out_entries(cols, rows, j, i) : lay_out_entries(rows, cols, i, j)) {}

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return static_cast<Index>(layout_.order.size()); }
  std::span<const std::uint32_t> order() const override { return layout_.order; }
  Index bytes() const override { return layout_.bytes(); }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    const Matrix &tall = transposed_ ? R : L, &wide = transposed_ ? L : R;
    Matrix *of_tall = transposed_ ? GR : GL, *of_wide = transposed_ ? GL : GR;
    if (judge.rough)
      pass(pool_f32_, tall, wide, *judge.rough, of_tall, of_wide);
    else
      pass(pool_f64_, tall, wide, judge.exact, of_tall, of_wide);
  }

 private:
  template <class Real, class JudgeBlock>
  void pass(WorkspacePool<EntriesWorkspace<Real>>& pool, const Matrix& L, const Matrix& R, const JudgeBlock& judge, Matrix* GL,
            Matrix* GR) const {
    typename WorkspacePool<EntriesWorkspace<Real>>::Lease work(pool);
    const std::size_t stride = padded(static_cast<std::size_t>(L.cols()), panel_lanes(Real{}));
    const std::size_t height = static_cast<std::size_t>(L.rows()) * stride, width = static_cast<std::size_t>(R.rows()) * stride;
    pad_rows(L, stride, work->L);
    pad_rows(R, stride, work->R);
    work->z.resize(layout_.chunks.size());
    work->GR.resize(layout_.chunks.size());
    if (GL != nullptr) work->GL.resize(height);
    parallel_blocks(std::ssize(layout_.chunks), 1, [&](Index at, Index, Index) {
      const auto& chunk = layout_.chunks[static_cast<std::size_t>(at)];
      Real* z = work->z[static_cast<std::size_t>(at)].resize(layout_.most_entries + panel_slack);
      Real* of_rows = work->GL.data();
      Real* of_columns = nullptr;
      if (GL != nullptr) {
        of_columns = work->GR[static_cast<std::size_t>(at)].resize(width);
        std::fill_n(of_columns, width, Real{0});
        std::fill(of_rows + static_cast<std::size_t>(chunk.first_row) * stride,
                  of_rows + static_cast<std::size_t>(chunk.last_row) * stride, Real{0});
      }
      for (std::size_t b = chunk.first_block; b < chunk.last_block; ++b) {
        const auto [first, last] = layout_.blocks[b];
        const std::span runs = std::span(layout_.runs).subspan(first, last - first + 1);
        panel_predict(runs, layout_.column.data(), work->L.data(), work->R.data(), stride, z);
        judge(static_cast<Index>(runs.front().begin), std::span(z, runs.back().begin - runs.front().begin));
        if (GL == nullptr) continue;
        panel_adjoint(runs, layout_.column.data(), z, work->L.data(), work->R.data(), stride, of_rows, of_columns);
      }
    });
    if (GL == nullptr) return;
    unpad_rows<Real>(std::span(&work->GL, 1), stride, *GL);
    unpad_rows<Real>(work->GR, stride, *GR);
  }

  Index rows_, cols_;
  bool transposed_;
  EntryLayout layout_;
  mutable WorkspacePool<EntriesWorkspace<double>> pool_f64_;
  mutable WorkspacePool<EntriesWorkspace<float>> pool_f32_;
};

}  // namespace

std::unique_ptr<Operator> entries(Index rows, Index cols, std::vector<Index> i, std::vector<Index> j) {
  check_indices("entries", rows, cols, i, j);
  if (i.size() > std::numeric_limits<std::uint32_t>::max())
    throw std::invalid_argument(fmt::format("entries: {} measurements, expected fewer than 2^32", i.size()));
  return std::make_unique<Entries>(rows, cols, i, j);
}

}  // namespace gossan
