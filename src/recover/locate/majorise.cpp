#include "recover/locate/majorise.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/locate/dimension.hpp"

namespace gossan::locating {
namespace {

constexpr double kFloor = 1e-3;  // of delta, in median distances

}  // namespace

Majorisation::Majorisation(const Graph& graph, std::span<const double> unit, Matrix V)
    : graph_(graph),
      unit_(unit),
      median_(graph.typical),
      theta_{{"V", std::move(V)}},
      residual_(graph.distance.size()),
      weight_(graph.distance.size()),
      diagonal_(graph.points) {}

Iterate Majorisation::step() {
  Matrix& V = theta_.front().value;
  residuals(graph_, V, unit_, residual_);
  const double delta = std::max(0.5 * median_ * std::pow(0.8, static_cast<double>(t_)), kFloor * median_);
  double stress = 0;
  double sum = 0;
  for (std::size_t e = 0; e < weight_.size(); ++e) {
    const double a = std::abs(residual_[e]);
    stress += a;
    weight_[e] = 1 / (unit_[e] * unit_[e] * std::max(a, delta));
    sum += weight_[e];
  }
  const double mean = sum / static_cast<double>(weight_.size());
  for (double& w : weight_) w /= mean;

  rhs_.resize(V.rows(), V.cols());
  next_ = V;
  const double tiny = 1e-12 * median_;
  const auto blocks = [&](auto&& body) { parallel_blocks(graph_.points, point_block, body); };
  with_dimension(V.cols(), [&](auto dimension) {
    const Index r = dimension.size();
    blocks([&](Index, Index begin, Index end) {
      for (Index v = begin; v < end; ++v) {
        const double* here = V.row(v).data();
        double* out = rhs_.row(v).data();
        std::fill(out, out + r, 0.0);
        double degree = 0;
        for (Index h = graph_.first[static_cast<std::size_t>(v)]; h < graph_.first[static_cast<std::size_t>(v) + 1]; ++h) {
          const double* there = V.row(graph_.neighbour[static_cast<std::size_t>(h)]).data();
          const auto e = static_cast<std::size_t>(graph_.pair[static_cast<std::size_t>(h)]);
          const double length = std::max(std::sqrt(dimension.squared_distance(here, there)), tiny);
          const double pull = weight_[e] * graph_.distance[e] / length;
          for (Index k = 0; k < r; ++k) out[k] += pull * (here[k] - there[k]);
          degree += weight_[e];
        }
        diagonal_[v] = degree;
      }
    });
    const double ridge = 1e-10 * diagonal_.mean();
    const auto laplacian = [&](const Matrix& P, Matrix& out) {
      blocks([&](Index, Index begin, Index end) {
        for (Index v = begin; v < end; ++v) {
          const double* here = P.row(v).data();
          double* sum_here = out.row(v).data();
          for (Index k = 0; k < r; ++k) sum_here[k] = (diagonal_[v] + ridge) * here[k];
          for (Index h = graph_.first[static_cast<std::size_t>(v)]; h < graph_.first[static_cast<std::size_t>(v) + 1]; ++h) {
            const double* there = P.row(graph_.neighbour[static_cast<std::size_t>(h)]).data();
            const double w = weight_[static_cast<std::size_t>(graph_.pair[static_cast<std::size_t>(h)])];
            for (Index k = 0; k < r; ++k) sum_here[k] -= w * there[k];
          }
        }
      });
    };
    const auto jacobi = [&](const Matrix& R, Matrix& out) {
      out = (diagonal_.array() + ridge).inverse().matrix().asDiagonal() * R;
    };
    products_ += 2 + solver_.solve(rhs_, next_, 100, 1e-5, laplacian, jacobi);
  });
  next_.rowwise() -= next_.colwise().mean();

  Iterate iterate;
  iterate.k = ++t_;
  iterate.f = stress / static_cast<double>(weight_.size());
  iterate.step = delta;
  // While delta still falls, a small change does not mean that the map has settled.
  iterate.change = t_ <= 10 ? 1.0 : (next_ - V).norm() / next_.norm();
  V.swap(next_);
  iterate.theta = &theta_;
  return iterate;
}

Params Majorisation::state() const {
  Params state = theta_;
  state.push_back({"t", Matrix::Constant(1, 1, static_cast<double>(t_))});
  return state;
}

void Majorisation::restore(const Params& state) {
  theta_ = {state.at(0)};
  t_ = static_cast<Index>(state.at(1).value(0, 0));
}

}  // namespace gossan::locating
