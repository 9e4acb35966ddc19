#include "recover/rpca/huber_svt.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double above_noise = 1.1;
constexpr Index least_block = 10, spare = 5;
constexpr std::uint64_t basis_stream = 503;

}  // namespace

HuberSvt::HuberSvt(const ObservedTable& table, const HuberSchedule& schedule, Index most_rank, std::uint64_t seed)
    : table_(table), schedule_(schedule), most_rank_(most_rank), seed_(seed) {
  X_ = {Matrix(table.rows(), 0), Matrix(table.cols(), 0)};
  V_.resize(table.cols(), 0);
  first_scale_ = scale_ = median_scale(sizes_at(X_, table.sample));
}

void HuberSvt::restore(const Params& state) { X_ = {state.at(0).value, state.at(1).value}; }

void HuberSvt::widen(Index columns) {
  const Index old = V_.cols();
  columns = std::min({columns, table_.rows(), table_.cols()});
  if (columns <= old) return;
  V_.conservativeResize(Eigen::NoChange, columns);
  const Matrix fresh = normal_matrix(V_.rows(), columns, Random(seed_, basis_stream));
  V_.rightCols(columns - old) = fresh.rightCols(columns - old) / std::sqrt(static_cast<double>(V_.rows()));
}

Iterate HuberSvt::step() {
  if (k_ > 0) scale_ = std::max(median_scale(sizes_at(X_, table_.sample)), schedule_.fall * scale_);
  widen(std::max(X_.rank() + spare, least_block));
  const double q = table_.share(), bound = schedule_.clip * scale_;

  double squares = 0;
  Matrix A = clipped_product(table_.by_row, X_.R, X_.L, bound, V_, &squares) / q;
  A.noalias() += X_.L * (X_.R.transpose() * V_);
  const Matrix Q = orthonormal(A);
  Matrix B = clipped_product(table_.by_col, X_.L, X_.R, bound, Q, nullptr) / q;
  B.noalias() += X_.R * (X_.L.transpose() * Q);

  const Eigenpairs pairs = eigenpairs(B.transpose() * B);
  const Vector s = pairs.values.cwiseMax(0).cwiseSqrt();
  const Matrix& W = pairs.vectors;

  const double rms = std::sqrt(squares / static_cast<double>(std::max<Index>(table_.count, 1)));
  const double threshold = above_noise * rms * table_.edge() / std::sqrt(q);
  const Index rank = std::clamp<Index>((s.array() > threshold).count(), X_.rank() - 1, most_rank_);
  const Index kept = std::min(rank, s.size());
  const Vector root = s.head(kept).cwiseMax(1e-300).cwiseSqrt();
  const Matrix turned = B * W;
  Matrix V(V_.rows(), s.size());
  for (Index a = 0; a < s.size(); ++a) V.col(a) = s(a) > 1e-8 * s(0) ? Vector(turned.col(a) / s(a)) : Vector(V_.col(a));
  X_.L = (Q * W.leftCols(kept)) * root.asDiagonal();
  X_.R = V.leftCols(kept) * root.asDiagonal();
  V_ = std::move(V);

  theta_ = state();
  Iterate iterate;
  iterate.k = ++k_;
  iterate.f = scale_;
  iterate.change = kept > 0 ? bound / s(0) : 1;
  iterate.theta = &theta_;
  return iterate;
}

}  // namespace gossan::robust_pca
