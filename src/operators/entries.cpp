// Entries of the matrix: A_e = e_i e_j^T, so z_e = <L_i, R_j>.
#include <utility>

#include "gossan/linalg.hpp"
#include "operators/incidence.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

constexpr Index entry_block = 16 * Operator::granule;
constexpr Index line_block = 8;  // rows or columns that one thread gathers at a time

struct Workspace {
  Vector z;  // predictions, then weights
};

class Entries final : public Operator {
 public:
  Entries(Index rows, Index cols, std::vector<Index> i, std::vector<Index> j)
      : rows_(rows), cols_(cols), i_(std::move(i)), j_(std::move(j)), of_row_(rows, i_, j_), of_col_(cols, j_, i_) {}

  Index rows() const override { return rows_; }
  Index cols() const override { return cols_; }
  Index measurements() const override { return static_cast<Index>(i_.size()); }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    WorkspacePool<Workspace>::Lease work(pool_);
    Vector& z = work->z;
    z.resize(measurements());
    parallel_blocks(measurements(), entry_block, [&](Index, Index first, Index last) {
      for (Index e = first; e < last; ++e)
        z(e) = L.row(i_[static_cast<std::size_t>(e)]).dot(R.row(j_[static_cast<std::size_t>(e)]));
      judge.exact(first, std::span(z.data() + first, static_cast<std::size_t>(last - first)));
    });
    if (GL == nullptr) return;
    gather(of_row_, z, R, *GL);
    gather(of_col_, z, L, *GR);
  }

 private:
  // Row p of G is the sum over the entries of line p of w_e F_q, q the entry's place in the line.
  static void gather(const Incidence& entries_of, const Vector& w, const Matrix& F, Matrix& G) {
    parallel_blocks(G.rows(), line_block, [&](Index, Index first, Index last) {
      for (Index p = first; p < last; ++p) {
        G.row(p).setZero();
        for (const Touch& entry : entries_of.at(p)) G.row(p) += w(entry.measurement) * F.row(entry.other);
      }
    });
  }

  Index rows_, cols_;
  std::vector<Index> i_, j_;
  Incidence of_row_, of_col_;
  mutable WorkspacePool<Workspace> pool_;
};

}  // namespace

std::unique_ptr<Operator> entries(Index rows, Index cols, std::vector<Index> i, std::vector<Index> j) {
  check_indices("entries", rows, cols, i, j);
  return std::make_unique<Entries>(rows, cols, std::move(i), std::move(j));
}

}  // namespace gossan
