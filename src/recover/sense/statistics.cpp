#include "recover/sense/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::sensing {
Core find_core(std::vector<double> sizes, double least_cut) {
  constexpr double cut_scales = 5;
  Core core{.scale = median_scale(sizes)};
  // Outliers widen the first scale; each pass drops those that it lets out.
  constexpr int passes = 20;
  for (int pass = 0; pass < passes; ++pass) {
    core.cut = std::max(cut_scales * core.scale, least_cut);
    const auto outside = std::partition(sizes.begin(), sizes.end(), [&](double size) { return size <= core.cut; });
    if (outside == sizes.end()) break;
    sizes.erase(outside, sizes.end());
    core.scale = median_scale(sizes);
  }
  core.cut = std::max(cut_scales * core.scale, least_cut);
  return core;
}

Vector singular_values(const Matrix& L, const Matrix& R) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (!std::isfinite(L.squaredNorm() * std::max(1.0, R.squaredNorm()))) {
    return Vector::Constant(std::min(L.rows(), L.cols()), infinity);
  }
  if (R.size() == 0) return svd(L).s.cwiseAbs2();
  return product_svd(L, R).s;
}

RankReading read_rank(const Vector& values, double noise, double clear_gap) {
  RankReading clear, largest;
  for (Index k = 0; k < values.size(); ++k) {
    const double next = std::max(k + 1 < values.size() ? values(k + 1) : 0.0, noise);
    if (values(k) <= next) continue;
    const double gap = next > 0 ? values(k) / next : std::numeric_limits<double>::max();
    if (gap >= clear_gap) clear = {k + 1, gap};
    if (gap > largest.gap) largest = {k + 1, gap};
  }
  return clear.rank > 0 ? clear : largest;
}

}  // namespace gossan::sensing
