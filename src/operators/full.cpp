// Every entry of the matrix, row by row: measurement e is X_ij with i = e / cols, j = e % cols.
//
// The residual matrix is never whole: tiles of it are predicted, judged and used up while they are in the cache. Parts of the
// longer side are swept at the same time; each adds up the gradient of the other side's factor by itself, and the parts' sums are
// added in their order.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <type_traits>

#include "gossan/linalg.hpp"
#include "linalg/aligned.hpp"
#include "linalg/kernels/tile.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

constexpr Index most_full_parts = 16;
constexpr Index tile_bytes = Index{256} * 1024;
constexpr Index row_step = 20;                          // a tile's rows are a multiple of it, which suits the kernels
constexpr Index column_step = 64, most_columns = 4096;  // and its columns of the first, unless it has all of them
constexpr Index copied_columns = 256;                   // that one thread transposes at a time

Index round_up(Index n, Index step) { return block_count(n, step) * step; }
std::size_t size_of(Index n) { return static_cast<std::size_t>(n); }

template <class Real>
struct FullWorkspace {
  AlignedArray<Real> L, R;               // copies, of R transposed; none of L in double precision
  std::vector<AlignedArray<double>> GL;  // of each part where parts are of columns
  std::vector<AlignedArray<Real>> GR;    // of each part where parts are of rows, transposed
  std::vector<AlignedArray<Real>> z;     // of the tile that each part is at: predictions, then weights
  const Real* U = nullptr;               // L in this precision
};

struct Tile {
  Index first_row, last_row, first_column, last_column;
};

class Full final : public Operator {
 public:
  Full(Index rows, Index cols) : rows_(rows), cols_(cols), by_rows_(rows >= cols), pitch_(round_up(cols, column_step)) {
    const Index wanted = by_rows_ ? block_count(cols, most_columns) : most_full_parts;
    width_ = std::min(most_columns, round_up(block_count(cols, wanted), column_step));
    panels_ = std::max<Index>(0, cols - Operator::granule) / width_ + 1;  // the last one wider, if alone it were no granule
  }

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return rows_ * cols_; }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    if (judge.rough)
      pass(pool_f32_, L, R, *judge.rough, GL, GR);
    else
      pass(pool_f64_, L, R, judge.exact, GL, GR);
  }

 private:
  template <class Real, class JudgeBlock>
  void pass(WorkspacePool<FullWorkspace<Real>>& pool, const Matrix& L, const Matrix& R, JudgeBlock judge, Matrix* GL,
            Matrix* GR) const {
    typename WorkspacePool<FullWorkspace<Real>>::Lease work(pool);
    // Tiles that have all columns are judged whole, the others row by row: either way what is judged is contiguous.
    const Index tile_width = panels_ == 1 ? cols_ : width_ + Operator::granule;
    const Index height = row_step * std::max<Index>(1, tile_bytes / (row_step * tile_width * Index{sizeof(Real)}));
    const Index part_rows = by_rows_ ? height * block_count(block_count(rows_, height), most_full_parts) : rows_;
    const Index part_panels = by_rows_ ? panels_ : block_count(panels_, most_full_parts);
    const Index parts = block_count(rows_, part_rows) * block_count(panels_, part_panels);
    copy_factors(L, R, *work);
    if (GL != nullptr) clear_gradients(*work, parts, R.cols(), *GL);
    work->z.resize(size_of(parts));
    parallel_blocks(parts, 1, [&](Index part, Index, Index) {
      const Index first_row = by_rows_ ? part * part_rows : 0, last_row = std::min(rows_, first_row + part_rows);
      const Index first_panel = by_rows_ ? 0 : part * part_panels, last_panel = std::min(panels_, first_panel + part_panels);
      Real* z = work->z[size_of(part)].resize(size_of(std::min(height, rows_) * tile_width) + tile_slack);
      for (Index row = first_row; row < last_row; row += height) {
        for (Index panel = first_panel; panel < last_panel; ++panel) {
          const Index last_column = panel + 1 < panels_ ? (panel + 1) * width_ : cols_;
          const Tile tile{row, std::min(row + height, last_row), panel * width_, last_column};
          judge_tile(*work, tile, L.cols(), judge, z);
          if (GL != nullptr) add_tile(*work, part, tile, L.cols(), z, GL->data());
        }
      }
    });
    if (GL != nullptr) add_gradients(*work, *GL, *GR);
  }

  template <class Real>
  void copy_factors(const Matrix& L, const Matrix& R, FullWorkspace<Real>& work) const {
    if constexpr (std::is_same_v<Real, double>) {
      work.U = L.data();
    } else {
      work.U = work.L.resize(size_of(L.size()));
      std::copy(L.data(), L.data() + L.size(), work.L.data());
    }
    Real* V = work.R.resize(size_of(R.cols() * pitch_));
    parallel_blocks(pitch_, copied_columns, [&](Index, Index first, Index last) {
      for (Index k = 0; k < R.cols(); ++k)
        for (Index j = first; j < last; ++j) V[k * pitch_ + j] = j < cols_ ? static_cast<Real>(R(j, k)) : Real{0};
    });
  }

  // Where parts are of rows they have rows of GL for themselves, and a GR each; where they are of columns, the other way round.
  template <class Real>
  void clear_gradients(FullWorkspace<Real>& work, Index parts, Index r, Matrix& GL) const {
    GL.setZero();
    work.GL.resize(by_rows_ ? 0 : size_of(parts));
    work.GR.resize(by_rows_ ? size_of(parts) : 1);
    for (auto& part : work.GL) std::fill_n(part.resize(size_of(rows_ * r)), rows_ * r, 0.0);
    for (auto& part : work.GR) std::fill_n(part.resize(size_of(r * pitch_)), r * pitch_, Real{0});
  }

  template <class Real, class JudgeBlock>
  void judge_tile(const FullWorkspace<Real>& work, const Tile& tile, Index r, JudgeBlock judge, Real* z) const {
    const Index columns = tile.last_column - tile.first_column, rows = tile.last_row - tile.first_row;
    tile_predict(size_in(tile, r), work.U + tile.first_row * r, work.R.data() + tile.first_column, z);
    if (columns == cols_) {
      judge(tile.first_row * cols_, std::span(z, size_of(rows * cols_)));
      return;
    }
    for (Index i = 0; i < rows; ++i)
      judge((tile.first_row + i) * cols_ + tile.first_column, std::span(z + i * columns, size_of(columns)));
  }

  template <class Real>
  void add_tile(FullWorkspace<Real>& work, Index part, const Tile& tile, Index r, const Real* weights, double* GL) const {
    double* left = by_rows_ ? GL : work.GL[size_of(part)].data();
    Real* right = work.GR[by_rows_ ? size_of(part) : 0].data();
    tile_adjoint(size_in(tile, r), weights, work.U + tile.first_row * r, work.R.data() + tile.first_column,
                 left + tile.first_row * r, right + tile.first_column);
  }

  template <class Real>
  void add_gradients(const FullWorkspace<Real>& work, Matrix& GL, Matrix& GR) const {
    for (const auto& part : work.GL) GL += Eigen::Map<const Matrix>(part.data(), GL.rows(), GL.cols());
    parallel_blocks(cols_, copied_columns, [&](Index, Index first, Index last) {
      for (Index k = 0; k < GR.cols(); ++k)
        for (Index j = first; j < last; ++j) {
          double sum = 0;
          for (const auto& part : work.GR) sum += static_cast<double>(part.data()[k * pitch_ + j]);
          GR(j, k) = sum;
        }
    });
  }

  TileSize size_in(const Tile& tile, Index r) const {
    return {size_of(tile.last_row - tile.first_row), size_of(tile.last_column - tile.first_column), size_of(r), size_of(pitch_)};
  }

  Index rows_, cols_;
  bool by_rows_;
  Index width_ = 0;   // of a tile
  Index panels_ = 0;  // of width_ columns
  Index pitch_;       // between the rows of R and GR transposed
  mutable WorkspacePool<FullWorkspace<double>> pool_f64_;
  mutable WorkspacePool<FullWorkspace<float>> pool_f32_;
};

}  // namespace

std::unique_ptr<Operator> full(Index rows, Index cols) {
  Index n = 0;
  if (rows < 1 || cols < 1 || __builtin_mul_overflow(rows, cols, &n))
    throw std::invalid_argument(fmt::format("full: the matrix is {} x {}, expected at least 1 x 1", rows, cols));
  return std::make_unique<Full>(rows, cols);
}

}  // namespace gossan
