#include "recover/sense/scales.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/sense/statistics.hpp"

namespace gossan::sensing {
namespace {

constexpr double cut_scales = 3;
constexpr double trimming = 1.0137;       // 1 / the root mean square of N(0, 1) within 3
constexpr double least_free_share = 0.2;  // of what freedom leaves: beyond this much fitting no scale can be read

// The map whose fixed point is the scale.
double trimmed_rms(std::span<const double> sizes, double freedom, double cut) {
  double sum = 0, count = 0;
  for (const double size : sizes) {
    if (!(size <= cut)) continue;
    sum += size * size;
    ++count;
  }
  return trimming * std::sqrt(sum / std::max({count - freedom, least_free_share * count, 1.0}));
}

double first_scale(std::span<const double> sizes, double freedom) {
  const double share = std::max(1 - freedom / static_cast<double>(sizes.size()), least_free_share);
  return median_scale(sizes) / std::sqrt(share);
}

}  // namespace

std::vector<double> sizes_of(std::span<const double> residuals, double offset) {
  std::vector<double> sizes(residuals.size());
  std::transform(residuals.begin(), residuals.end(), sizes.begin(), [offset](double r) { return std::abs(r - offset); });
  return sizes;
}

double median_scale(std::span<const double> sizes) {
  return median(std::vector<double>(sizes.begin(), sizes.end())) / normal_median;
}

Trimmed falling_scale(std::span<const double> sizes, double freedom) {
  constexpr int passes = 15;
  constexpr double still_falling = 0.995;
  double scale = first_scale(sizes, freedom);
  for (int pass = 0; pass < passes; ++pass) {
    const double next = trimmed_rms(sizes, freedom, cut_scales * scale);
    if (next >= still_falling * scale) break;
    scale = next;
  }
  return {scale, cut_scales * scale};
}

Trimmed resting_scale(std::span<const double> sizes, double freedom) {
  constexpr int passes = 30;
  constexpr double start = 1.5, at_rest = 1e-3;
  double scale = start * first_scale(sizes, freedom);
  for (int pass = 0; pass < passes; ++pass) {
    const double next = trimmed_rms(sizes, freedom, cut_scales * scale);
    const bool settled = std::abs(next - scale) < at_rest * scale;
    scale = next;
    if (settled) break;
  }
  return {scale, cut_scales * scale};
}

}  // namespace gossan::sensing
