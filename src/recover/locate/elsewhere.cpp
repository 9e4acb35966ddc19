#include "recover/locate/elsewhere.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "gossan/linalg.hpp"
#include "recover/locate/place.hpp"
#include "recover/shared/quantile.hpp"

namespace gossan::locating {
namespace {

constexpr double kOpen = 5;  // nats

// log( q N(res; 0, s^2) + (1 - q) / 2L ), the lies uniform over a range 2L.
struct Likelihood {
  double scale, share, range;

  double operator()(const Neighbours& near, const Vector& place) const {
    double sum = 0;
    for (Index n = 0; n < near.places.rows(); ++n) {
      const double z = misfit(near, n, place) / scale;
      const double honest = share * std::exp(-0.5 * z * z) / (scale * std::sqrt(2 * std::numbers::pi));
      sum += std::log(honest + (1 - share) / (2 * range));
    }
    return sum;
  }
};

// `place` reflected in the hyperplane that fits best those neighbours that agree with it.
Vector reflect(const Neighbours& near, const Vector& place, double scale) {
  const Index r = place.size();
  Vector mean = Vector::Zero(r);
  Matrix second = Matrix::Zero(r, r);
  double count = 0;
  for (Index n = 0; n < near.places.rows(); ++n) {
    if (std::abs(misfit(near, n, place)) > kConsistent * scale) continue;
    const Vector p = near.places.row(n).transpose();
    mean += p;
    second += p * p.transpose();
    ++count;
  }
  if (count == 0) return place;
  mean /= count;
  const Vector normal = eigenpairs(second / count - mean * mean.transpose()).vectors.rightCols<1>();
  return place - 2 * normal.dot(place - mean) * normal;
}

}  // namespace

Elsewhere try_elsewhere(const Graph& graph, Fit& fit, std::uint64_t seed, Driver& driver) {
  const std::vector<double> unit = units(graph, fit.law);
  const std::vector<bool> everyone(at(graph.points), true);
  const Likelihood likelihood{.scale = fit.scale,
                              .share = std::clamp(fit.share, 1e-3, 1 - 1e-3),
                              .range = std::max(quantile_of_magnitudes(fit.residual, 0.99), 3 * fit.scale)};
  const Matrix before = fit.V;
  std::vector<char> moved(at(graph.points), 0);
  std::vector<char> open(at(graph.points), 0);
  const auto try_point = [&](Index v) {
    const Neighbours near = neighbours_of(graph, unit, before, v, everyone);
    const Vector here = before.row(v).transpose();
    const Vector settled = refine_place(near, here, fit.scale);
    std::vector<Vector> places = {refine_place(near, reflect(near, here, fit.scale), fit.scale)};
    const auto best = place_point(near, here, fit.scale, Random(seed, static_cast<std::uint64_t>(v)));
    if (best) places.push_back(best->place);
    double most = -kOpen;
    for (const Vector& there : places) {
      if (!there.allFinite()) continue;
      // Both refinements ending together means that there is one place only.
      const double way = (there - here).norm();
      if ((there - settled).norm() <= 1e-3 * way || way <= kConsistent * fit.scale) continue;
      const double gain = likelihood(near, there) - likelihood(near, here);
      if (gain <= most) continue;
      most = gain;
      if (gain > kOpen) fit.V.row(v) = there.transpose();
    }
    moved[at(v)] = most > kOpen ? 1 : 0;
    open[at(v)] = most > -kOpen && most <= kOpen ? 1 : 0;
  };
  constexpr Index batch = 256;
  for (Index begin = 0; begin < graph.points && !driver.poll(); begin += batch) {
    parallel_blocks(std::min(batch, graph.points - begin), 8, [&](Index, Index first, Index last) {
      for (Index v = begin + first; v < begin + last; ++v) try_point(v);
    });
  }
  Elsewhere result;
  result.moved = std::count(moved.begin(), moved.end(), 1);
  result.ambiguous.assign(open.begin(), open.end());
  return result;
}

}  // namespace gossan::locating
