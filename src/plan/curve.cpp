#include <algorithm>
#include <cmath>
#include <vector>

#include "gossan/plan.hpp"

namespace gossan {
namespace {

constexpr int positions = 800, slopes = 40;  // of the grid that the posterior is summed on
constexpr double least_slope = 2, most_slope = 200;
constexpr double reach = 3;  // beyond the points

double logit(double p) { return std::log(p / (1 - p)); }

double log_likelihood(const std::vector<PlanPoint>& points, double share, double log_n, double slope) {
  double sum = 0;
  for (const PlanPoint& point : points) {
    const double z = logit(share) + slope * (std::log(static_cast<double>(point.measurements)) - log_n);
    const double log_success = std::min(z, 0.0) - std::log1p(std::exp(-std::abs(z)));
    const auto successes = static_cast<double>(point.successes), failures = static_cast<double>(point.trials) - successes;
    sum += successes * log_success + failures * (log_success - z);
  }
  return sum;
}

// Where the cumulated weights on a grid of unit cells pass `part` of their sum, in cells.
double quantile(const std::vector<double>& weights, double part) {
  double total = 0;
  for (const double w : weights) total += w;
  double before = 0;
  for (std::size_t k = 0; k < weights.size(); ++k) {
    if (before + weights[k] >= part * total) return static_cast<double>(k) + (part * total - before) / weights[k];
    before += weights[k];
  }
  return static_cast<double>(weights.size());
}

}  // namespace

double SuccessCurve::operator()(double n) const {
  return 1 / (1 + std::exp(-(logit(share) + slope * std::log(n / measurements))));
}

double SuccessCurve::reaches(double probability) const {
  return measurements * std::exp((logit(probability) - logit(share)) / slope);
}

SuccessCurve fit_success_curve(const std::vector<PlanPoint>& points, double share) {
  SuccessCurve curve{.share = share};
  if (points.empty()) return curve;
  const auto fewer = [](const PlanPoint& a, const PlanPoint& b) { return a.measurements < b.measurements; };
  const auto [least, most] = std::minmax_element(points.begin(), points.end(), fewer);
  const double low = std::log(static_cast<double>(least->measurements) / reach);
  const double cell = (std::log(static_cast<double>(most->measurements) * reach) - low) / positions;
  const auto slope_at = [](int k) { return least_slope * std::pow(most_slope / least_slope, (k + 0.5) / slopes); };

  std::vector<double> logs;
  for (int p = 0; p < positions; ++p) {
    for (int s = 0; s < slopes; ++s) logs.push_back(log_likelihood(points, share, low + (p + 0.5) * cell, slope_at(s)));
  }
  const double largest = *std::max_element(logs.begin(), logs.end());
  std::vector<double> by_position(positions, 0), by_slope(slopes, 0);
  for (std::size_t k = 0; k < logs.size(); ++k) {
    const double weight = std::exp(logs[k] - largest);
    by_position[k / slopes] += weight;
    by_slope[k % slopes] += weight;
  }
  const auto position = [&](double part) { return std::exp(low + quantile(by_position, part) * cell); };
  curve.measurements = position(0.5);
  curve.lower = position(0.05);
  curve.upper = position(0.95);
  curve.slope = least_slope * std::pow(most_slope / least_slope, quantile(by_slope, 0.5) / slopes);
  return curve;
}

}  // namespace gossan
