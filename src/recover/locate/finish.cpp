#include "recover/locate/finish.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "recover/locate/levenberg_marquardt.hpp"
#include "recover/locate/majorise.hpp"
#include "recover/locate/place.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/quantile.hpp"

namespace gossan::locating {
namespace {

void measure(const Graph& graph, std::span<const double> unit, Fit& fit) {
  fit.residual.resize(unit.size());
  residuals(graph, fit.V, unit, fit.residual);
  fit.scale = honest_scale(fit.residual, 1e-9 * graph.typical);
  fit.agrees = consistent(fit.residual, fit.scale);
  fit.share = share_marked(fit.agrees);
}

void descend(const Graph& graph, std::span<const double> unit, Fit& fit, LevenbergMarquardtOptions options, Index steps,
             Driver& driver, Index& passes) {
  options.scale_floor = 1e-9 * graph.typical;
  LevenbergMarquardt iteration(graph, unit, std::move(fit.V), options);
  Result result = driver.drive(iteration, "refine, rank " + std::to_string(iteration.state().front().value.cols()),
                               {.max_iterations = steps, .change = 1e-7});
  passes += iteration.products();
  fit.V = std::move(result.theta.front().value);
  measure(graph, unit, fit);
}

// Points that agree with too few of their distances, the most agreeing first.
std::vector<Index> suspects(const Graph& graph, const Fit& fit, const std::vector<Index>& agreeing, double& median) {
  const Index r = fit.V.cols();
  std::vector<double> share(at(graph.points));
  for (Index v = 0; v < graph.points; ++v) {
    share[at(v)] = static_cast<double>(agreeing[at(v)]) / static_cast<double>(std::max<Index>(graph.degree(v), 1));
  }
  median = quantile(share, 0.5);
  std::vector<Index> found;
  for (Index v = 0; v < graph.points; ++v) {
    const double spread = std::sqrt(median * (1 - median) / static_cast<double>(std::max<Index>(graph.degree(v), 1)));
    if (share[at(v)] < median - 4 * spread - 1e-12 || agreeing[at(v)] < r + 2) found.push_back(v);
  }
  std::stable_sort(found.begin(), found.end(), [&](Index a, Index b) { return share[at(a)] > share[at(b)]; });
  return found;
}

// Places suspects anew from the points above suspicion; a suspect that then agrees joins them. Returns how many moved.
Index replace_points(const Graph& graph, std::span<const double> unit, Fit& fit, const std::vector<Index>& suspected,
                     double median, std::uint64_t seed, Driver& driver) {
  const Index r = fit.V.cols();
  std::vector<bool> good(at(graph.points), true);
  for (const Index v : suspected) good[at(v)] = false;
  Index moved = 0;
  for (const Index v : suspected) {
    if (driver.poll()) break;
    const Neighbours near = neighbours_of(graph, unit, fit.V, v, good);
    const Index count = near.places.rows();
    if (count < r + 2) continue;
    const Vector present = fit.V.row(v).transpose();
    const auto placed = place_point(near, present, fit.scale, Random(seed, static_cast<std::uint64_t>(v)));
    if (!placed) continue;
    if (placed->consistent > count_consistent(near, present, fit.scale)) {
      fit.V.row(v) = placed->place.transpose();
      ++moved;
    }
    if (static_cast<double>(placed->consistent) >=
        std::max(static_cast<double>(r + 2), 0.6 * median * static_cast<double>(count)))
      good[at(v)] = true;
  }
  return moved;
}

}  // namespace

Fit finish(const Graph& graph, Matrix V, FinishOptions options, Driver& driver, Index& passes) {
  const std::vector<double> unit = units(graph, options.law);
  Fit fit;
  fit.law = options.law;
  fit.V = std::move(V);
  if (options.majorisation_steps > 0) {
    Majorisation majorisation(graph, unit, std::move(fit.V));
    Result result = driver.drive(majorisation, "majorise, rank " + std::to_string(majorisation.state().front().value.cols()),
                                 {.max_iterations = options.majorisation_steps, .change = 1e-5});
    passes += majorisation.products();
    fit.V = std::move(result.theta.front().value);
  }
  measure(graph, unit, fit);
  for (int round = 0; round < options.rounds && !driver.stopped(); ++round) {
    const double wide = std::max(3 * quantile_of_magnitudes(fit.residual, 0.4), kTukey * fit.scale);
    descend(graph, unit, fit, {.first_cut = wide}, round == 0 ? 14 : 8, driver, passes);
    fit.evidence = description_length(graph, fit);
    if (fit.evidence < options.hopeless) return fit;
    const std::vector<Index> agreeing = count_pairs(graph, fit.agrees);
    double median = 0;
    const std::vector<Index> suspected = suspects(graph, fit, agreeing, median);
    if (suspected.empty() || (round > 0 && static_cast<double>(suspected.size()) > 0.6 * static_cast<double>(graph.points)))
      break;
    const std::uint64_t draws = options.seed * 1000003 + static_cast<std::uint64_t>(round);
    if (replace_points(graph, unit, fit, suspected, median, draws, driver) == 0) break;
  }
  if (!driver.stopped()) descend(graph, unit, fit, {.most_products = 100}, 10, driver, passes);
  fit.evidence = description_length(graph, fit);
  return fit;
}

Fit polish(const Graph& graph, Matrix V, Law law, Driver& driver, Index& passes) {
  const std::vector<double> unit = units(graph, law);
  Fit fit;
  fit.law = law;
  fit.V = std::move(V);
  descend(graph, unit, fit, {.most_products = 100}, 8, driver, passes);
  fit.evidence = description_length(graph, fit);
  return fit;
}

double description_length(const Graph& graph, const Fit& fit) {
  const std::vector<double> unit = units(graph, fit.law);
  const double s = std::max(fit.scale, 1e-6 * graph.typical);
  // The same for every fit of the data: where lies are few, a range read off the residuals would favour the worse fit.
  const double L = std::max(1.1 * quantile(graph.distance, 0.99), 3 * s);
  const double q = std::clamp(fit.share, 1e-3, 1 - 1e-3);
  const double lie = std::log((1 - q) / (2 * L));
  double sum = 0;
  for (std::size_t e = 0; e < unit.size(); ++e) {
    const double z = std::min(std::pow(fit.residual[e] / s, 2), 1e4);
    const double honest = std::log(q) - 0.5 * z - std::log(s * unit[e] * std::sqrt(2 * std::numbers::pi));
    const double most = std::max(honest, lie);
    sum += most + std::log1p(std::exp(-std::abs(honest - lie))) + std::log(2 * L);
  }
  const auto coordinates = static_cast<double>(graph.points * fit.V.cols());
  return sum - coordinates * std::log(2 * L / s);
}

}  // namespace gossan::locating
