#include "recover/locate/residual.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "recover/locate/dimension.hpp"
#include "recover/shared/quantile.hpp"

namespace gossan::locating {
namespace {

constexpr Index kBlock = 4096;

}  // namespace

std::vector<double> units(const Graph& graph, Law law) {
  std::vector<double> unit(graph.distance.size(), 1.0);
  if (law == Law::constant) return unit;
  for (std::size_t e = 0; e < unit.size(); ++e) unit[e] = std::max(graph.distance[e] / graph.typical, 0.03);
  return unit;
}

void residuals(const Graph& graph, const Matrix& V, std::span<const double> unit, std::span<double> residual) {
  with_dimension(V.cols(), [&](auto dimension) {
    parallel_blocks(graph.pairs(), kBlock, [&](Index, Index first, Index last) {
      for (Index k = first; k < last; ++k) {
        const auto e = static_cast<std::size_t>(k);
        const double squared = dimension.squared_distance(V.row(graph.i[e]).data(), V.row(graph.j[e]).data());
        residual[e] = (std::sqrt(squared) - graph.distance[e]) / unit[e];
      }
    });
  });
}

double honest_scale(std::span<const double> residual, double floor) {
  double scale = std::max(quantile_of_magnitudes(residual, 0.25) / 0.3186, floor);
  if (!std::isfinite(scale)) return floor;
  for (int round = 0; round < 60; ++round) {
    double squares = 0;
    double inside = 0;
    double background = 0;
    for (const double r : residual) {
      const double a = std::abs(r);
      if (a <= 3 * scale) {
        squares += a * a;
        ++inside;
      } else if (a <= 6 * scale) {
        ++background;
      }
    }
    if (inside < 3) {
      scale *= 2;
      continue;
    }
    // .9866: the standard deviation of a unit Gaussian cut at 3.
    double next = std::max(std::sqrt(squares / inside) / 0.9866, floor);
    if (inside - background > 0.2 * inside) {
      const double honest = std::max(squares - background * 9 * scale * scale / 3, 0.0) / (inside - background);
      next = std::max(std::sqrt(honest) / 0.9866, floor);
    }
    const bool settled = std::abs(next - scale) < 1e-4 * scale;
    scale = next;
    if (settled) break;
  }
  return scale;
}

std::vector<bool> consistent(std::span<const double> residual, double scale) {
  std::vector<bool> agrees(residual.size());
  for (std::size_t e = 0; e < residual.size(); ++e) agrees[e] = std::abs(residual[e]) <= kConsistent * scale;
  return agrees;
}

}  // namespace gossan::locating
