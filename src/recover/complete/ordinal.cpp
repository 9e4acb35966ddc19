#include "recover/complete/ordinal.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "recover/complete/normal.hpp"

namespace gossan::completing {
namespace {

constexpr Index entry_block = Index{1} << 13;
constexpr double least_probability = 1e-12;

// Mean of N(m, 1) within (low, high].
double cell_mean(double m, const Normal& low, const Normal& high) {
  return m + (low.density - high.density) / std::max(high.cumulative - low.cumulative, least_probability);
}

}  // namespace

Ordinal::Ordinal(const Entries& entries, std::vector<std::uint8_t> level, Scale scale)
    : entries_(entries),
      level_(std::move(level)),
      scale_(std::move(scale)),
      mean_(level_.size(), 0),
      variance_(level_.size(), 0),
      score_(level_.size(), 0),
      honest_(level_.size(), 1) {}

void Ordinal::see(Index first, Index last, const double* mean, const double* variance, double*) {
  std::copy(mean, mean + (last - first), mean_.begin() + first);
  std::copy(variance, variance + (last - first), variance_.begin() + first);
}

double Ordinal::learn(const Vector&, Bilinear& fit) {
  constexpr Index period = 5;
  if (k_ > 0 && k_ % period == 0) recalibrate(fit);
  ++k_;
  const Vector sums = weigh();
  move_thresholds(sums);
  return -sums(0) / static_cast<double>(entries_.count());
}

void Ordinal::recalibrate(Bilinear& fit) {
  std::vector<double> x(mean_.size());
  parallel_blocks(entries_.count(), entry_block, [&](Index, Index first, Index last) {
    for (Index e = first; e < last; ++e) {
      const auto at = static_cast<std::size_t>(e);
      x[at] = left_out(mean_[at], variance_[at], score_[at], honest_[at]);
    }
  });
  Scale start = scale_;
  start.a = 1;
  scale_ = calibrate(tabulate_scores(x, level_, scale_.levels()), start);
  const double by = std::clamp(scale_.a, 0.5, 2.0);
  scale_.a = 1;
  fit.rescale(by);
  for (double& each : mean_) each *= by;
  for (double& each : variance_) each *= by * by;
}

Vector Ordinal::weigh() {
  const Index L = scale_.levels(), T = L - 1, n = entries_.count();
  const Index width = 1 + 3 * T;
  Matrix sums = Matrix::Zero(block_count(n, entry_block), width);
  const double q0 = scale_.honest(), q1 = scale_.random / static_cast<double>(L), q2 = scale_.reversed;
  parallel_blocks(n, entry_block, [&](Index b, Index first, Index last) {
    std::vector<Normal> at(static_cast<std::size_t>(L) + 1);  // at the thresholds, infinite ones included
    at.front() = {0, 0};
    at.back() = {0, 1};
    auto sum = sums.row(b);
    for (Index e = first; e < last; ++e) {
      const auto here = static_cast<std::size_t>(e);
      const std::size_t k = level_[here], turned = static_cast<std::size_t>(T) - k;
      const double m = mean_[here], sd = std::sqrt(1 + variance_[here]);
      for (Index t = 0; t < T; ++t)
        at[static_cast<std::size_t>(t) + 1] = normal_at((scale_.thresholds[static_cast<std::size_t>(t)] - m) / sd);
      const double straight = q0 * std::max(at[k + 1].cumulative - at[k].cumulative, least_probability);
      const double total = straight + q1 + q2 * std::max(at[turned + 1].cumulative - at[turned].cumulative, least_probability);
      const double honest = straight / total;
      const Normal low = k == 0 ? Normal{0, 0} : normal_at(scale_.thresholds[k - 1] - m);
      const Normal high = static_cast<Index>(k) == T ? Normal{0, 1} : normal_at(scale_.thresholds[k] - m);
      score_[here] = cell_mean(m, low, high);
      honest_[here] = honest;
      sum(0) += std::log(total);
      for (Index t = 0; t < T; ++t) {
        const Normal& here_at = at[static_cast<std::size_t>(t) + 1];
        sum(1 + 3 * t) += honest * here_at.cumulative;
        sum(2 + 3 * t) += honest / sd * here_at.density;
        if (static_cast<Index>(k) <= t) sum(3 + 3 * t) += honest;
      }
    }
  });
  Vector total = Vector::Zero(width);
  for (Index b = 0; b < sums.rows(); ++b) total += sums.row(b).transpose();
  return total;
}

void Ordinal::move_thresholds(const Vector& sums) {
  constexpr double longest = 0.3;
  const Index T = scale_.levels() - 1;
  for (Index t = 0; t < T; ++t) {
    const double step = (sums(3 + 3 * t) - sums(1 + 3 * t)) / std::max(sums(2 + 3 * t), 1e-300);
    scale_.thresholds[static_cast<std::size_t>(t)] += std::clamp(step, -longest, longest);
  }
  std::sort(scale_.thresholds.begin(), scale_.thresholds.end());
}

Params Ordinal::state() const {
  const auto n = static_cast<Index>(mean_.size());
  Matrix numbers(1, 3);
  numbers << scale_.random, scale_.reversed, static_cast<double>(k_);
  const auto column = [n](const std::vector<double>& values) -> Matrix { return Eigen::Map<const Matrix>(values.data(), n, 1); };
  const Matrix thresholds = Eigen::Map<const Matrix>(scale_.thresholds.data(), static_cast<Index>(scale_.thresholds.size()), 1);
  return {{"numbers", numbers}, {"thresholds", thresholds}, {"score", column(score_)}, {"honest", column(honest_)}};
}

void Ordinal::restore(const Params& state) {
  scale_.random = state[0].value(0), scale_.reversed = state[0].value(1);
  k_ = static_cast<Index>(state[0].value(2));
  std::copy_n(state[1].value.data(), scale_.thresholds.size(), scale_.thresholds.begin());
  std::copy_n(state[2].value.data(), score_.size(), score_.begin());
  std::copy_n(state[3].value.data(), honest_.size(), honest_.begin());
}

double latent_mean(const Scale& scale, double mean, std::size_t level) {
  const std::vector<double>& t = scale.thresholds;
  const Normal low = level == 0 ? Normal{0, 0} : normal_at(t[level - 1] - mean);
  const Normal high = level == t.size() ? Normal{0, 1} : normal_at(t[level] - mean);
  return cell_mean(mean, low, high);
}

double honesty(const Scale& scale, double score, std::size_t level) {
  const std::vector<double>& t = scale.thresholds;
  const auto chance = [&](std::size_t k) {
    const double below = k == 0 ? 0 : normal_at(t[k - 1] - score).cumulative;
    return std::max((k == t.size() ? 1 : normal_at(t[k] - score).cumulative) - below, least_probability);
  };
  const double straight = scale.honest() * chance(level);
  return straight / (straight + scale.random / static_cast<double>(scale.levels()) + scale.reversed * chance(t.size() - level));
}

}  // namespace gossan::completing
