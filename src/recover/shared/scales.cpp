#include "recover/shared/scales.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gossan/linalg.hpp"

namespace gossan {
namespace {

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
  return median_scale({sizes.begin(), sizes.end()}) / std::sqrt(share);
}

}  // namespace

std::vector<double> sizes_of(std::span<const double> residuals, double offset) {
  std::vector<double> sizes(residuals.size());
  std::transform(residuals.begin(), residuals.end(), sizes.begin(), [offset](double r) { return std::abs(r - offset); });
  return sizes;
}

double median_scale(std::vector<double> sizes) { return median(std::move(sizes)) / normal_median; }

double root_mean_square(std::span<const double> values) {
  if (values.empty()) return 0;
  double sum = 0;
  for (const double each : values) sum += each * each;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

double share_within(std::span<const double> sizes, double bound) {
  const auto within = std::count_if(sizes.begin(), sizes.end(), [bound](double size) { return size <= bound; });
  return static_cast<double>(within) / static_cast<double>(std::max<std::size_t>(sizes.size(), 1));
}

Trimmed falling_scale(std::span<const double> sizes, double freedom) {
  constexpr int passes = 15;
  constexpr double still_falling = 0.995;
  double scale = first_scale(sizes, freedom);
  for (int pass = 0; pass < passes; ++pass) {
    const double next = trimmed_rms(sizes, freedom, trimmed_cut * scale);
    if (next >= still_falling * scale) break;
    scale = next;
  }
  return {scale, trimmed_cut * scale};
}

Trimmed resting_scale(std::span<const double> sizes, double freedom) {
  constexpr int passes = 30;
  constexpr double start = 1.5, at_rest = 1e-3;
  double scale = start * first_scale(sizes, freedom);
  for (int pass = 0; pass < passes; ++pass) {
    const double next = trimmed_rms(sizes, freedom, trimmed_cut * scale);
    const bool settled = std::abs(next - scale) < at_rest * scale;
    scale = next;
    if (settled) break;
  }
  return {scale, trimmed_cut * scale};
}

}  // namespace gossan
