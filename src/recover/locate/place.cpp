#include "recover/locate/place.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace gossan::locating {
namespace {

constexpr Index kDraws = 300;
constexpr std::size_t kPolished = 5;  // candidates polished for each of the two cuts

// x with |x - p_k| = d_k for k = 0..r, made linear by subtracting the first equation: 2 (p_k - p_0) x = |p_k|^2 - |p_0|^2 - d_k^2
// + d_0^2.
Vector multilaterate(const Neighbours& near, const std::vector<Index>& chosen) {
  const Index r = near.places.cols();
  Matrix A(r, r);
  Vector b(r);
  const auto p0 = near.places.row(chosen[0]);
  const double d0 = near.distance[static_cast<std::size_t>(chosen[0])];
  for (Index k = 0; k < r; ++k) {
    const Index n = chosen[static_cast<std::size_t>(k) + 1];
    const double d = near.distance[static_cast<std::size_t>(n)];
    A.row(k) = 2 * (near.places.row(n) - p0);
    b[k] = near.places.row(n).squaredNorm() - p0.squaredNorm() - d * d + d0 * d0;
  }
  Matrix normal = A.transpose() * A;
  normal.diagonal().array() += 1e-12 * normal.trace() + 1e-300;
  return normal.ldlt().solve(A.transpose() * b);
}

std::vector<Index> draw(Index from, Index count, const Random& random, Index& next) {
  std::vector<Index> chosen;
  while (static_cast<Index>(chosen.size()) < count) {
    const Index candidate = random.below(next++, from);
    if (std::find(chosen.begin(), chosen.end(), candidate) == chosen.end()) chosen.push_back(candidate);
  }
  return chosen;
}

double biweight_score(const Neighbours& near, const Vector& place, double cut) {
  double score = 0;
  for (Index n = 0; n < near.places.rows(); ++n) {
    const double u = std::max(1 - std::pow(misfit(near, n, place) / cut, 2), 0.0);
    score += u * u * u;
  }
  return score;
}

}  // namespace

double misfit(const Neighbours& near, Index n, const Vector& place) {
  const auto e = static_cast<std::size_t>(n);
  return ((place.transpose() - near.places.row(n)).norm() - near.distance[e]) / near.unit[e];
}

Vector refine_place(const Neighbours& near, Vector place, double scale) {
  const Index m = near.places.rows();
  const Index r = near.places.cols();
  std::vector<double> magnitude(static_cast<std::size_t>(m));
  for (Index n = 0; n < m; ++n) magnitude[static_cast<std::size_t>(n)] = std::abs(misfit(near, n, place));
  std::sort(magnitude.begin(), magnitude.end());
  const double first = std::max(magnitude[static_cast<std::size_t>(std::min(m - 1, std::max(r + 1, m / 3)))], 3 * scale);
  for (int step = 0; step < 14; ++step) {
    const double cut = std::max(first * std::pow(0.6, step), kTukey * scale);
    Matrix H = Matrix::Zero(r, r);
    Vector gradient = Vector::Zero(r);
    for (Index n = 0; n < m; ++n) {
      const double res = misfit(near, n, place);
      const double root = std::max(1 - (res / cut) * (res / cut), 0.0);
      if (root == 0) continue;
      const Vector difference = place - near.places.row(n).transpose();
      const Vector slope = difference / (std::max(difference.norm(), 1e-300) * near.unit[static_cast<std::size_t>(n)]);
      H += root * root * slope * slope.transpose();
      gradient += root * root * res * slope;
    }
    H.diagonal().array() += 1e-9 * H.trace() + 1e-300;
    place -= H.ldlt().solve(gradient);
  }
  return place;
}

Neighbours neighbours_of(const Graph& graph, std::span<const double> unit, const Matrix& V, Index v,
                         const std::vector<bool>& good) {
  std::vector<Index> near;
  Neighbours neighbours;
  neighbours.typical = graph.typical;
  for (Index h = graph.first[at(v)]; h < graph.first[at(v) + 1]; ++h) {
    if (!good[at(graph.neighbour[at(h)])]) continue;
    near.push_back(graph.neighbour[at(h)]);
    neighbours.distance.push_back(graph.distance[at(graph.pair[at(h)])]);
    neighbours.unit.push_back(unit[at(graph.pair[at(h)])]);
  }
  neighbours.places.resize(static_cast<Index>(near.size()), V.cols());
  for (std::size_t n = 0; n < near.size(); ++n) neighbours.places.row(static_cast<Index>(n)) = V.row(near[n]);
  return neighbours;
}

Index count_consistent(const Neighbours& neighbours, const Vector& place, double scale) {
  Index count = 0;
  for (Index n = 0; n < neighbours.places.rows(); ++n) count += std::abs(misfit(neighbours, n, place)) <= kConsistent * scale;
  return count;
}

std::optional<PlacedPoint> place_point(const Neighbours& neighbours, const Vector& present, double scale, const Random& random) {
  const Index m = neighbours.places.rows();
  const Index r = neighbours.places.cols();
  if (m < r + 1) return std::nullopt;

  std::vector<Vector> candidates{present};
  Index next = 0;
  for (Index k = 0; k < kDraws; ++k) {
    Vector place = multilaterate(neighbours, draw(m, r + 1, random, next));
    if (place.allFinite()) candidates.push_back(std::move(place));
  }

  // A candidate from noisy neighbours is off by more than the noise: score at two generous cuts.
  const double median = neighbours.typical;
  std::vector<std::size_t> best;
  for (const double cut : {std::max(10 * scale, 0.003 * median), std::max(30 * scale, 0.03 * median)}) {
    std::vector<double> score(candidates.size(), 0.0);
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      for (Index n = 0; n < m; ++n) score[c] += std::max(1 - std::pow(misfit(neighbours, n, candidates[c]) / cut, 2), 0.0);
    }
    std::vector<std::size_t> order(candidates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score[a] > score[b]; });
    best.insert(best.end(), order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min(kPolished, order.size())));
  }
  std::sort(best.begin(), best.end());
  best.erase(std::unique(best.begin(), best.end()), best.end());

  std::optional<PlacedPoint> answer;
  double answer_score = -1;
  for (const std::size_t c : best) {
    Vector place = refine_place(neighbours, candidates[c], scale);
    if (!place.allFinite()) continue;
    const double score = biweight_score(neighbours, place, kTukey * scale);
    if (score <= answer_score) continue;
    answer_score = score;
    const Index agreeing = count_consistent(neighbours, place, scale);
    answer = PlacedPoint{std::move(place), agreeing};
  }
  return answer;
}

}  // namespace gossan::locating
