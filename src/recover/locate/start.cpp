#include "recover/locate/start.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/init.hpp"
#include "gossan/linalg.hpp"
#include "gossan/methods.hpp"
#include "gossan/random.hpp"
#include "gossan/schedules.hpp"
#include "recover/locate/residual.hpp"

namespace gossan::locating {
namespace {

// A random choice of `count` pairs, in their order.
Graph thin_out(const Graph& graph, Index count, const Random& random) {
  if (graph.pairs() <= count) return graph;
  const std::vector<Index> order = permutation(graph.pairs(), random);
  std::vector<bool> keep(static_cast<std::size_t>(graph.pairs()), false);
  for (Index k = 0; k < count; ++k) keep[static_cast<std::size_t>(order[static_cast<std::size_t>(k)])] = true;
  return select(graph, keep);
}

}  // namespace

Started start(const Graph& all, StartOptions options, Driver& driver, Index& passes) {
  const Graph graph = thin_out(all, options.most_pairs_per_point * all.points, Random(options.seed, 1));
  std::vector<double> y(graph.distance.size());
  std::transform(graph.distance.begin(), graph.distance.end(), y.begin(), [](double d) { return d * d; });
  const double unit = graph.typical * graph.typical;
  for (double& value : y) value /= unit;

  const auto A = differences(graph.points, graph.i, graph.j);
  const auto model = symmetric_factor({graph.points, graph.points, options.search_rank});
  const auto loss = absolute();
  const auto f = data_fit(*A, *model, *loss, y);
  Vector per_pair(graph.points);
  for (Index v = 0; v < graph.points; ++v) {
    per_pair[v] = static_cast<double>(graph.pairs()) / (2.0 * static_cast<double>(std::max<Index>(graph.degree(v), 1)));
  }
  const auto method = subgradient({.row_scale = per_pair}, geometric({.step = 0.5, .ratio = 0.99}, f.get()));
  Params theta = small_random({.alpha = 1e-3}, {.A = A.get(), .y = y, .layout = model->layout(), .seed = options.seed});
  Result result = driver.minimise(*f, *method, std::move(theta), "start", {.max_iterations = options.steps});
  passes += result.iterations;

  Started started;
  started.U = std::sqrt(unit) * result.theta.front().value;
  started.U.rowwise() -= started.U.colwise().mean();
  started.singular_values = svd(started.U).s;
  return started;
}

Matrix project(const Matrix& U, Index r) {
  const Matrix centred = U.rowwise() - U.colwise().mean();
  const Svd parts = svd(centred);
  return parts.U.leftCols(r) * parts.s.head(r).asDiagonal();
}

}  // namespace gossan::locating
