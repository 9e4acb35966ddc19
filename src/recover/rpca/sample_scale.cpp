#include "recover/rpca/sample_scale.hpp"

#include <cmath>

namespace gossan::robust_pca {

double clean_scale(std::span<const double> sizes, double freedom) {
  constexpr int passes = 30;
  constexpr double far = 6, at_rest = 1e-3;
  constexpr double cut = trimmed_cut, beyond = 0.0027;  // beyond: the share of N(0, 1) that is
  double scale = resting_scale(sizes, freedom).scale;
  for (int pass = 0; pass < passes; ++pass) {
    double within = 0, squares = 0, outside = 0;
    for (const double size : sizes) {
      if (size <= cut * scale) {
        squares += size * size;
        ++within;
      } else if (size <= far * scale) {
        ++outside;
      }
    }
    const double stray = std::max(0.0, outside - beyond * within);  // as many within as from 3 to 6 scales
    const double cleaned = squares - stray * cut * cut * scale * scale / 3;
    const double left = within - stray;
    if (!(cleaned > 0) || left < within / 2) break;
    const double next = trimming * std::sqrt(cleaned / std::max({left - freedom, 0.2 * left, 1.0}));
    const bool settled = std::abs(next - scale) < at_rest * scale;
    scale = next;
    if (settled) break;
  }
  return scale;
}

}  // namespace gossan::robust_pca
