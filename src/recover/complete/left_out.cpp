#include "recover/complete/left_out.hpp"

#include <algorithm>
#include <cmath>

namespace gossan::completing {

std::vector<std::uint8_t> levels_of(const Entries& entries, const Levels& levels) {
  std::vector<std::uint8_t> level(entries.source.size());
  for (std::size_t k = 0; k < level.size(); ++k) level[k] = levels.of[static_cast<std::size_t>(entries.source[k])];
  return level;
}

LeftOut leave_out(const Entries& entries, const Predictions& all, const std::vector<std::uint8_t>& level, const NoiseLaw& law) {
  const double variance = law.ordinal ? 1 : law.variance;
  const double sigma = std::sqrt(variance);
  LeftOut without{std::vector<double>(all.mean.size())};
  for (std::size_t e = 0; e < all.mean.size(); ++e) {
    const double mean = all.mean[e], r = entries.value[e] - law.mu - mean;
    const double weight = law.ordinal ? honesty(law.scale, mean, level[e]) : (law.nu + 1) / (law.nu + r * r / variance);
    const double target = law.ordinal ? latent_mean(law.scale, mean, level[e]) : entries.value[e] - law.mu;
    without.score[e] = left_out(mean, all.variance[e], target, weight / variance) / sigma;
    without.unknowns += std::min(all.variance[e] * weight / variance, 1.0);
  }
  return without;
}

}  // namespace gossan::completing
