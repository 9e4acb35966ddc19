#include "recover/rpca/noisy_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "recover/rpca/core_lad.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/sample_scale.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::robust_pca {
namespace {

constexpr Index candidate_sweeps = 20, candidate_rounds = 8;

std::vector<char> light(const Vector& leverage, Index rank) {
  const double most = allowed_leverage(rank, leverage.size());
  std::vector<char> kept(static_cast<std::size_t>(leverage.size()));
  for (Index i = 0; i < leverage.size(); ++i) kept[static_cast<std::size_t>(i)] = leverage(i) < most ? 1 : 0;
  return kept;
}

// min(|held-out residual|, bound)^2
Vector losses_at(const ObservedTable& table, const TableFactors& X, double bound) {
  const std::vector<double> sizes = sizes_at(X, table.held_out.empty() ? table.sample : table.held_out);
  Vector losses(static_cast<Index>(sizes.size()));
  for (Index e = 0; e < losses.size(); ++e) {
    const double size = std::min(sizes[static_cast<std::size_t>(e)], bound);
    losses(e) = size * size;
  }
  return losses;
}

// The lowest rank that is worse than the best by no more than the standard error of the difference, entry by entry.
std::size_t lowest_good(const std::vector<Vector>& losses) {
  const auto best =
      std::min_element(losses.begin(), losses.end(), [](const Vector& a, const Vector& b) { return a.mean() < b.mean(); });
  for (std::size_t c = 0; c < losses.size(); ++c) {
    const Vector worse = losses[c] - *best;
    const double mean = worse.mean();
    const double spread = std::sqrt((worse.array() - mean).square().mean());
    if (mean <= spread / std::sqrt(static_cast<double>(worse.size())) + 1e-300) return c;
  }
  return losses.size() - 1;
}

class RankChoice {
 public:
  RankChoice(const ObservedTable& table, Course& course) : table_(table), course_(course) {}

  NoisyFit choose(const Start& start) {
    const Index r = start.X.rank();
    const Svd svd = singular(start.X);
    rows_ = light(leverages(svd.U), r);
    cols_ = light(leverages(svd.V), r);
    core_ = product_svd(only(svd.U * svd.s.asDiagonal(), rows_), only(svd.V, cols_));
    std::vector<NoisyFit> fits;
    for (const Index rank : candidates(r, start.scale)) fits.push_back(fit(rank));
    double scale = std::numeric_limits<double>::infinity();
    for (const NoisyFit& each : fits) scale = std::min(scale, each.scale);
    std::vector<Vector> losses;
    losses.reserve(fits.size());
    for (const NoisyFit& each : fits) losses.push_back(losses_at(table_, each.X, noisy_cut * scale));
    const std::size_t chosen = lowest_good(losses);
    NoisyFit best = std::move(fits[chosen]);
    best.values = svd.s;
    return best;
  }

 private:
  std::set<Index> candidates(Index r, double scale) const {
    constexpr double gap = 3, above_noise = 1.2;
    const double edge = above_noise * scale * table_.edge() / std::sqrt(table_.share());
    const Vector values = core_.s.head(std::min(r, core_.s.size()));
    // The last ratio, to what the start left out, is no gap.
    const Gap inside = widest_gap(values, values.size() - 1, rounding_of(values));
    const Index at_gap = inside.ratio > gap ? inside.rank : values.size();
    const Index above = std::max<Index>((values.array() > edge).count(), 1);
    return {r, at_gap, above, std::max<Index>(r - 1, 1)};
  }

  NoisyFit fit(Index rank) {
    const Index kept = std::min(rank, core_.V.cols());
    NoisyFit fit;
    fit.X.L = orthonormal(least_absolute(table_.by_row, only(core_.V.leftCols(kept), cols_), table_.row_scale, candidate_sweeps));
    fit.X.R = least_absolute(table_.by_col, only(fit.X.L, rows_), table_.col_scale, candidate_sweeps);
    course_.sweeps += 2 * (candidate_sweeps + candidate_rounds);
    return trimmed_fit(table_, std::move(fit), candidate_rounds);
  }

  const ObservedTable& table_;
  Course& course_;
  std::vector<char> rows_, cols_;
  Svd core_;
};

}  // namespace

NoisyFit trimmed_fit(const ObservedTable& table, NoisyFit fit, Index rounds) {
  constexpr double some_ridge = 1e-9;
  fit.X = balanced(singular(fit.X), fit.X.rank());
  for (Index round = 0; round < rounds; ++round) {
    fit.scale = clean_scale(sizes_at(fit.X, table.sample), sample_freedom(table, fit.X.rank()));
    const HalfStep step{LaneWeight::trimmed, noisy_cut * fit.scale, some_ridge * table.scale};
    fit.X.L = half_step(table.by_row, fit.X.R, fit.X.L, step);
    fit.X.R = half_step(table.by_col, fit.X.L, fit.X.R, step);
  }
  return fit;
}

std::vector<double> fitted_sizes(const ObservedTable& table, const TableFactors& X) {
  if (static_cast<double>(table.count) > most_residuals) return sizes_at(X, table.sample);
  std::vector<double> sizes;
  sizes.reserve(static_cast<std::size_t>(table.count));
  for (Index i = 0; i < table.rows(); ++i)
    for (Index j = 0; j < table.cols(); ++j) {
      const double y = table.by_row.at(i, j);
      if (!std::isnan(y)) sizes.push_back(std::abs(value_at(X, i, j) - y));
    }
  return sizes;
}

NoisyFit fit_noise(const ObservedTable& table, Starts& starts, Course& course) {
  constexpr double clearly = 0.97;
  RankChoice choice(table, course);
  std::optional<NoisyFit> best;
  for (const Member member : {Member::huber_2, Member::pcp, Member::huber_1}) {
    if (best && course.poll()) break;
    const std::optional<Start> start = member == Member::pcp ? starts.noisy_pcp() : starts.of(member);
    if (!start || start->X.rank() == 0) continue;
    NoisyFit fit = choice.choose(*start);
    fit.member = to_string(member);
    if (best) {
      const double bound = noisy_cut * std::min(fit.scale, best->scale);
      if (!(losses_at(table, fit.X, bound).mean() < clearly * losses_at(table, best->X, bound).mean())) continue;
    }
    best = std::move(fit);
  }
  if (best) return *best;
  NoisyFit nothing;
  nothing.X = {Matrix(table.rows(), 0), Matrix(table.cols(), 0)};
  nothing.scale = resting_sample_scale(table, nothing.X);
  return nothing;
}

}  // namespace gossan::robust_pca
