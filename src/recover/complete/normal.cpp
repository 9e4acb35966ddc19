#include "recover/complete/normal.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace gossan::completing {
namespace {

constexpr double reach = 8, per_unit = 32;
constexpr int grid_points = static_cast<int>(2 * reach * per_unit) + 1;

double density(double x) { return std::exp(-0.5 * x * x) / std::sqrt(2 * std::numbers::pi); }
double cumulative(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

std::array<Normal, grid_points> tabulate() {
  std::array<Normal, grid_points> table{};
  for (int k = 0; k < grid_points; ++k) {
    const double x = k / per_unit - reach;
    table[static_cast<std::size_t>(k)] = {density(x), cumulative(x)};
  }
  return table;
}

}  // namespace

// Taylor's series about the nearest point of the grid, h <= 1/64 away.
Normal normal_at(double x) {
  static const std::array<Normal, grid_points> table = tabulate();
  if (std::isnan(x)) return {x, x};
  if (!(x > -reach)) return {0, 0};
  if (!(x < reach)) return {0, 1};
  const double place = std::nearbyint((x + reach) * per_unit), at = place / per_unit - reach, h = x - at;
  const Normal& near = table[static_cast<std::size_t>(place)];
  const double u = -h * (at + 0.5 * h);
  const double power = 1 + u * (1 + u * (0.5 + u * (1.0 / 6 + u * (1.0 / 24 + u * (1.0 / 120)))));
  const double a2 = at * at;
  const double area = h * (1 - h * (at / 2 - h * ((a2 - 1) / 6 - h * (at * (a2 - 3) / 24 - h * ((a2 - 6) * a2 + 3) / 120))));
  return {near.density * power, near.cumulative + near.density * area};
}

// By bisection on the distribution: where it is called, once a level, speed is no concern.
double normal_quantile(double p) {
  double low = -reach, high = reach;
  for (int k = 0; k < 60; ++k) {
    const double middle = 0.5 * (low + high);
    (cumulative(middle) < p ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace gossan::completing
