#include "recover/locate/rigidity.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "recover/locate/conjugate_gradients.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/quantile.hpp"

namespace gossan::locating {
namespace {

// The placed points and the pairs between them, renumbered, and which of those pairs are consistent.
struct Placed {
  Graph graph;
  std::vector<bool> agrees;
  std::vector<Index> original;  // point of the whole
};

Placed placed_part(const Graph& graph, const Fit& fit, const std::vector<bool>& alive) {
  Placed part;
  std::vector<Index> number(at(graph.points), -1);
  for (Index v = 0; v < graph.points; ++v) {
    if (!alive[at(v)]) continue;
    number[at(v)] = static_cast<Index>(part.original.size());
    part.original.push_back(v);
  }
  std::vector<Index> i;
  std::vector<Index> j;
  std::vector<double> distance;
  for (std::size_t e = 0; e < graph.i.size(); ++e) {
    const Index a = number[at(graph.i[e])];
    const Index b = number[at(graph.j[e])];
    if (a < 0 || b < 0) continue;
    i.push_back(a);
    j.push_back(b);
    distance.push_back(graph.distance[e]);
    part.agrees.push_back(fit.agrees[e]);
  }
  part.graph = make_graph(static_cast<Index>(part.original.size()), std::move(i), std::move(j), std::move(distance));
  return part;
}

// The points in the order of the second eigenvector of the random walk on consistent pairs: well joined points stay together.
std::vector<Index> spectral_order(const Placed& part) {
  const Graph& graph = part.graph;
  const std::vector<Index> degree = count_pairs(graph, part.agrees);
  Vector root(graph.points);
  for (Index v = 0; v < graph.points; ++v) root[v] = std::sqrt(static_cast<double>(std::max<Index>(degree[at(v)], 1)));
  const auto walk = [&](const Vector& x, Vector& y) {
    parallel_blocks(graph.points, point_block, [&](Index, Index begin, Index end) {
      for (Index v = begin; v < end; ++v) {
        double sum = 0;
        for (Index h = graph.first[at(v)]; h < graph.first[at(v) + 1]; ++h) {
          const Index u = graph.neighbour[at(h)];
          if (part.agrees[at(graph.pair[at(h)])]) sum += x[u] / root[u];
        }
        y[v] = sum / root[v];
      }
    });
  };
  const Vector second = eigenpairs(graph.points, walk, 2).vectors.col(1).cwiseQuotient(root);
  std::vector<Index> order(at(graph.points));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return second[a] < second[b]; });
  return order;
}

// An orthonormal basis of the translations and rotations of the whole map: (points r) x r(r+1)/2.
Eigen::MatrixXd rigid_motions(const Matrix& V) {
  const Index n = V.rows();
  const Index r = V.cols();
  Eigen::MatrixXd motions = Eigen::MatrixXd::Zero(n * r, r * (r + 1) / 2);
  Index m = 0;
  for (Index a = 0; a < r; ++a, ++m) {
    for (Index v = 0; v < n; ++v) motions(v * r + a, m) = 1;
  }
  for (Index a = 0; a < r; ++a) {
    for (Index b = a + 1; b < r; ++b, ++m) {
      for (Index v = 0; v < n; ++v) {
        motions(v * r + a, m) = V(v, b);
        motions(v * r + b, m) = -V(v, a);
      }
    }
  }
  return orthonormal(motions);
}

}  // namespace

double chance_of_agreement(const Graph& graph, const Fit& fit) {
  return std::min(1.0, 2 * kConsistent * fit.scale / std::max(quantile(graph.distance, 0.99), 1e-300));
}

Cut weakest_cut(const Graph& graph, const Fit& fit, const std::vector<bool>& alive) {
  const Placed part = placed_part(graph, fit, alive);
  const Index n = part.graph.points;
  const Index r = fit.V.cols();
  Cut weakest;
  if (n < 2 * (r + 2)) return weakest;

  const double freedoms = static_cast<double>(r * (r + 1)) / 2;
  const double chance = chance_of_agreement(graph, fit);
  const double share = share_marked(part.agrees);
  const std::vector<Index> order = spectral_order(part);
  std::vector<bool> inside(at(n), false);
  Index pairs = 0;
  Index agreeing = 0;
  double least = INFINITY;
  Index where = 0;
  for (Index size = 1; size <= n - (r + 2); ++size) {
    const Index v = order[at(size - 1)];
    inside[at(v)] = true;
    for (Index h = part.graph.first[at(v)]; h < part.graph.first[at(v) + 1]; ++h) {
      const Index change = inside[at(part.graph.neighbour[at(h)])] ? -1 : 1;
      pairs += change;
      if (part.agrees[at(part.graph.pair[at(h)])]) agreeing += change;
    }
    if (size < r + 2) continue;
    const auto t = static_cast<double>(pairs);
    const auto c = static_cast<double>(agreeing);
    const double needed = 2 * freedoms + t * chance + 3 * std::sqrt(t * chance);
    const double expected = 0.5 * share * t - 3 * std::sqrt(share * (1 - share) * t);
    // Both in units of what would be just enough: the smaller quotient is the weaker joint.
    const double strength = std::min(c / needed, expected > 0 ? c / expected : INFINITY);
    if (strength >= least) continue;
    least = strength;
    where = size;
    weakest.consistent_pairs = agreeing;
    weakest.pairs = pairs;
    weakest.needed = std::max(needed, expected);
    weakest.holds = strength >= 1;
  }
  const bool first_is_smaller = 2 * where <= n;
  weakest.side.assign(at(graph.points), false);
  for (Index k = 0; k < n; ++k) {
    if ((k < where) == first_is_smaller) weakest.side[at(part.original[at(order[at(k)])])] = true;
  }
  return weakest;
}

double stiffness(const Graph& graph, const Fit& fit, const std::vector<bool>& alive) {
  const Placed part = placed_part(graph, fit, alive);
  const Graph& g = part.graph;
  const Index r = fit.V.cols();
  const Index n = g.points;
  if (n * r <= r * (r + 1) / 2) return 0;
  Matrix V(n, r);
  for (Index v = 0; v < n; ++v) V.row(v) = fit.V.row(part.original[at(v)]);
  V.rowwise() -= V.colwise().mean();

  Matrix direction(2 * g.pairs(), r);  // of every half-edge; zero where the pair disagrees
  Matrix inverse(n, r * r);
  Vector own(n);
  for (Index v = 0; v < n; ++v) {
    Matrix block = Matrix::Zero(r, r);
    for (Index h = g.first[at(v)]; h < g.first[at(v) + 1]; ++h) {
      direction.row(h) = V.row(v) - V.row(g.neighbour[at(h)]);
      const double length = direction.row(h).norm();
      if (part.agrees[at(g.pair[at(h)])] && length > 0) {
        direction.row(h) /= length;
        block += direction.row(h).transpose() * direction.row(h);
      } else {
        direction.row(h).setZero();
      }
    }
    own[v] = block.trace() / static_cast<double>(r);
    block.diagonal().array() += 1e-6 * own[v] + 1e-300;
    Eigen::Map<Matrix>(inverse.row(v).data(), r, r) = block.inverse();
  }
  const double median = quantile(own, 0.5);
  if (!(median > 0)) return 0;

  const Eigen::MatrixXd motions = rigid_motions(V);
  const auto take_out = [&](Matrix& X) {
    Eigen::Map<Vector> x(X.data(), X.size());
    x -= motions * (motions.transpose() * x);
  };
  const auto hessian = [&](double ridge) {
    return [&, ridge](const Matrix& P, Matrix& out) {
      parallel_blocks(n, point_block, [&](Index, Index begin, Index end) {
        for (Index v = begin; v < end; ++v) {
          out.row(v) = ridge * P.row(v);
          for (Index h = g.first[at(v)]; h < g.first[at(v) + 1]; ++h) {
            const double along = direction.row(h).dot(P.row(v) - P.row(g.neighbour[at(h)]));
            out.row(v) += along * direction.row(h);
          }
        }
      });
    };
  };
  const auto blocks = [&](const Matrix& R, Matrix& out) {
    for (Index v = 0; v < n; ++v)
      out.row(v).transpose() = Eigen::Map<const Matrix>(inverse.row(v).data(), r, r) * R.row(v).transpose();
  };

  Matrix x = normal_matrix(n, r, Random(0, 7));
  Matrix image(n, r);
  ConjugateGradients solver;
  double least = INFINITY;
  for (int round = 0; round < 4; ++round) {
    take_out(x);
    x /= x.norm();
    const Matrix rhs = x;
    x.setZero();
    solver.solve(rhs, x, 300, 1e-4, hessian(1e-10 * median), blocks);
    take_out(x);
    if (!(x.norm() > 0) || !x.allFinite()) return 0;
    x /= x.norm();
    hessian(0.0)(x, image);
    least = std::min(least, x.cwiseProduct(image).sum() / median);
  }
  return std::max(least, 0.0);
}

}  // namespace gossan::locating
