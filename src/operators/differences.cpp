// Pairs of points: A_e = (e_i - e_j)(e_i - e_j)^T, so z_e = <L_i - L_j, R_i - R_j>.
#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "linalg/kernels/pairs.hpp"
#include "operators/incidence.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

constexpr Index pair_block = 16 * Operator::granule;
constexpr Index point_block = 8;

struct DifferencesWorkspace {
  Vector z;  // predictions, then weights
};

class Differences final : public Operator {
 public:
  Differences(Index points, std::vector<Index> i, std::vector<Index> j)
      : points_(points), i_(std::move(i)), j_(std::move(j)), pairs_of_(Incidence::of_pairs(points, i_, j_)) {}

  Index rows() const override { return points_; }
  Index cols() const override { return points_; }
  Index measurements() const override { return static_cast<Index>(i_.size()); }

  void sweep(const Matrix& L, const Matrix& R, Judge judge, Matrix* GL, Matrix* GR) const override {
    prepare_sweep(*this, L, R, GL, GR);
    WorkspacePool<DifferencesWorkspace>::Lease work(pool_);
    Vector& z = work->z;
    z.resize(measurements());
    parallel_blocks(measurements(), pair_block, [&](Index, Index first, Index last) {
      difference_dots(last - first, i_.data() + first, j_.data() + first, L.data(), R.data(), L.cols(), z.data() + first);
      judge.exact(first, std::span(z.data() + first, static_cast<std::size_t>(last - first)));
    });
    if (GL == nullptr) return;
    gather(z, R, *GL);
    // A*(w) is symmetric: with one factor on both sides the gradients are the same.
    if (&L == &R)
      *GR = *GL;
    else
      gather(z, L, *GR);
  }

 private:
  // G = A*(w) F: row p is the sum over pairs {p, q} of w_e (F_p - F_q).
  void gather(const Vector& w, const Matrix& F, Matrix& G) const {
    parallel_blocks(points_, point_block, [&](Index, Index first, Index last) {
      for (Index p = first; p < last; ++p) {
        const auto pairs = pairs_of_.at(p);
        const Index r = F.cols();
        sum_differences(static_cast<Index>(pairs.size()), pairs.data(), w.data(), F.data() + p * r, F.data(), r,
                        G.data() + p * r);
      }
    });
  }

  Index points_;
  std::vector<Index> i_, j_;
  Incidence pairs_of_;
  mutable WorkspacePool<DifferencesWorkspace> pool_;
};

}  // namespace

std::unique_ptr<Operator> differences(Index points, std::vector<Index> i, std::vector<Index> j) {
  check_indices("differences", points, points, i, j);
  for (std::size_t e = 0; e < i.size(); ++e)
    if (i[e] == j[e])
      throw std::invalid_argument(fmt::format("differences: pair {} joins point {} to itself, expected two points", e, i[e]));
  return std::make_unique<Differences>(points, std::move(i), std::move(j));
}

}  // namespace gossan
