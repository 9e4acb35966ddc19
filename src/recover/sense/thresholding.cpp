#include "recover/sense/thresholding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "recover/sense/statistics.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::sensing {
namespace {

constexpr double above_edge = 1.1;           // over the noise edge: signal
constexpr double least_share_within = 1e-3;  // of measurements within the clip
constexpr double least_rough_scale = 1e-4;   // of the first
constexpr double fastest_fall = 0.5;         // of the scale, that is expected from one step to the next

}  // namespace

Thresholding::Thresholding(const Equations& equations, const Score& score, Index most_rank)
    : equations_(equations), score_(score), most_rank_(most_rank), residual_(equations.y().size()) {
  const std::span<const double> y = equations.y();
  const std::vector<double> start(y.begin(), y.end());
  const double offset = equations.has_mean() ? median(start) : 0;
  move_to(zero(equations.rows(), equations.cols(), equations.symmetric()), median_scale(sizes_of(start, offset)));
  first_scale_ = scale_;
}

void Thresholding::move_to(LowRank X, double scale) {
  X_ = std::move(X);
  scale_ = expected_ = scale;
}

double Thresholding::score(double residual) const {
  const double clip = score_.clip * expected_, reject = score_.reject * expected_;
  const double fade = (1.5 * reject - std::abs(residual)) / (0.5 * reject);
  return std::clamp(residual, -clip, clip) * std::clamp(fade, 0.0, 1.0);
}

void Thresholding::fused_pass() {
  const std::span<const double> y = equations_.y();
  auto judge = [&](Index first, auto z) {
    using Number = typename decltype(z)::value_type;
    const auto at = static_cast<std::size_t>(first);
    for (std::size_t e = 0; e < z.size(); ++e) {
      residual_[at + e] = static_cast<double>(z[e]) - y[at + e];
      z[e] = static_cast<Number>(score(residual_[at + e]));
    }
  };
  // Residuals that are rough by more than a tenth would show.
  if (expected_ > std::max(least_rough_scale, 10 * equations_.rough_error()) * first_scale_)
    equations_.adjoint(X_, Judge(judge, judge), S_);
  else
    equations_.adjoint(X_, judge, S_);
}

void Thresholding::centred_pass() {
  residual_ = equations_.residuals(X_);
  const double offset = median(residual_);
  for (double& each : residual_) each -= offset;
  expected_ = median_scale(sizes_of(residual_));
  std::vector<double> w(residual_.size());
  std::transform(residual_.begin(), residual_.end(), w.begin(), [&](double r) { return score(r); });
  equations_.centred_adjoint(w, S_);
}

void Thresholding::gradient_step() {
  equations_.has_mean() ? centred_pass() : fused_pass();
  const auto n = static_cast<double>(residual_.size());
  double within = 0, squares = 0;
  for (const double each : residual_) {
    const double v = score(each);
    within += std::abs(each) <= score_.clip * expected_ ? 1 : 0;
    squares += v * v;
  }
  const double share = std::max(within / n, least_share_within);
  const double gain = equations_.gain();
  // In the population the expected gradient of the score is share times that of the squared loss: dividing by it makes the step
  // what it would be without outliers.
  length_ = score_.step / (gain * gain * n * share);
  edge_ = score_.step / share * equations_.noise_edge(std::sqrt(squares / n), n);

  Z_.noalias() = -length_ * S_;
  if (X_.rank() > 0) Z_.noalias() += X_.U * X_.s.asDiagonal() * X_.right().transpose();
}

LowRank Thresholding::step_to_rank(Index rank) {
  gradient_step();
  return leading_part(Z_, equations_.symmetric(), std::numeric_limits<double>::infinity(), rank, rank, rank);
}

Vector Thresholding::spectrum_beyond() {
  constexpr Index wanted = 8;
  const Index rank = X_.rank();
  const LowRank all = step_to_rank(rank + wanted);
  return all.s.tail(std::max<Index>(0, all.rank() - rank));
}

Iterate Thresholding::step() {
  gradient_step();
  const double last = scale_;
  scale_ = median_scale(sizes_of(residual_));
  before_ = X_;
  const Index rank = X_.rank();
  X_ = leading_part(Z_, equations_.symmetric(), above_edge * edge_, std::max<Index>(1, rank - 1), most_rank_, rank);
  expected_ = scale_ * std::clamp(scale_ / last, fastest_fall, 1.0);

  const SplitFactors F(X_);
  theta_ = {{"L", F.left()}};
  if (!X_.symmetric) theta_.push_back({"R", F.right()});
  Iterate iterate;
  iterate.k = ++k_;
  iterate.f = scale_;
  iterate.step = score_.step;
  iterate.change = length_ * S_.norm() / std::max(X_.s.norm(), length_ * S_.norm());
  iterate.theta = &theta_;
  return iterate;
}

Params Thresholding::state() const {
  const Matrix numbers = Eigen::RowVector3d(scale_, expected_, static_cast<double>(k_));
  return {{"U", X_.U}, {"s", X_.s}, {"V", X_.V}, {"scale, expected scale, step", numbers}};
}

void Thresholding::restore(const Params& state) {
  X_ = {state.at(0).value, state.at(1).value, state.at(2).value, equations_.symmetric()};
  const Matrix& numbers = state.at(3).value;
  scale_ = numbers(0);
  expected_ = numbers(1);
  k_ = static_cast<Index>(numbers(2));
}

}  // namespace gossan::sensing
