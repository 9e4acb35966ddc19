#include "recover/locate/levenberg_marquardt.hpp"

#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "recover/locate/dimension.hpp"

namespace gossan::locating {
namespace {

constexpr Index kPairs = 4096;
constexpr double kLeastDamping = 1e-8;

}  // namespace

LevenbergMarquardt::LevenbergMarquardt(const Graph& graph, std::span<const double> unit, Matrix V,
                                       LevenbergMarquardtOptions options)
    : graph_(graph),
      unit_(unit),
      options_(options),
      theta_{{"V", std::move(V)}},
      residual_(graph.distance.size()),
      trial_residual_(graph.distance.size()),
      root_weight_(graph.distance.size()),
      trace_(graph.points) {
  const Index r = theta_.front().value.cols();
  jacobian_.resize(2 * graph.distance.size() * at(r));
  gradient_.resize(graph.points, r);
  diagonal_.resize(graph.points, r * r);
  inverse_.resize(graph.points, r * r);
}

// sum_e rho(res_e), rho = 1 - (1 - min((res/c)^2, 1))^3; leaves the residuals in trial_residual_.
double LevenbergMarquardt::loss(const Matrix& V, double cut) {
  residuals(graph_, V, unit_, trial_residual_);
  ++products_;
  return ordered_sum(graph_.pairs(), kPairs, [&](Index first, Index last) {
    double sum = 0;
    for (Index e = first; e < last; ++e) {
      const double u = 1 - std::min(std::pow(trial_residual_[at(e)] / cut, 2), 1.0);
      sum += 1 - u * u * u;
    }
    return sum;
  });
}

void LevenbergMarquardt::linearise(const Matrix& V, double cut) {
  parallel_blocks(graph_.pairs(), kPairs, [&](Index, Index first, Index last) {
    for (Index e = first; e < last; ++e) root_weight_[at(e)] = std::max(1 - std::pow(residual_[at(e)] / cut, 2), 0.0);
  });
  with_dimension(V.cols(), [&](auto dimension) {
    const Index r = dimension.size();
    parallel_blocks(graph_.points, point_block, [&](Index, Index begin, Index end) {
      for (Index v = begin; v < end; ++v) {
        const double* here = V.row(v).data();
        double* block = diagonal_.row(v).data();
        double* gradient = gradient_.row(v).data();
        std::fill(block, block + r * r, 0.0);
        std::fill(gradient, gradient + r, 0.0);
        for (Index h = graph_.first[at(v)]; h < graph_.first[at(v) + 1]; ++h) {
          const double* there = V.row(graph_.neighbour[at(h)]).data();
          const std::size_t e = at(graph_.pair[at(h)]);
          const double length = std::max(std::sqrt(dimension.squared_distance(here, there)), 1e-300);
          const double factor = root_weight_[e] / (length * unit_[e]);
          double* g = &jacobian_[at(h * r)];
          for (Index a = 0; a < r; ++a) g[a] = factor * (here[a] - there[a]);
          for (Index a = 0; a < r; ++a) {
            gradient[a] += root_weight_[e] * residual_[e] * g[a];
            for (Index b = 0; b < r; ++b) block[a * r + b] += g[a] * g[b];
          }
        }
        trace_[v] = 0;
        for (Index a = 0; a < r; ++a) trace_[v] += block[a * r + a] / static_cast<double>(r);
      }
    });
  });
  ++products_;
}

// move_ solves (J^T W J + damping diag) move = -gradient approximately.
void LevenbergMarquardt::solve(double damping) {
  const Index r = gradient_.cols();
  const double ridge = 1e-9 * trace_.mean() + 1e-300;
  parallel_blocks(graph_.points, point_block, [&](Index, Index begin, Index end) {
    for (Index v = begin; v < end; ++v) {
      Matrix block = Eigen::Map<const Matrix>(diagonal_.row(v).data(), r, r);
      block.diagonal().array() += damping * trace_[v] + ridge;
      Eigen::Map<Matrix>(inverse_.row(v).data(), r, r) = block.inverse();
    }
  });
  with_dimension(r, [&](auto dimension) {
    const auto hessian = [&](const Matrix& P, Matrix& out) {
      parallel_blocks(graph_.points, point_block, [&](Index, Index begin, Index end) {
        const Index n = dimension.size();
        for (Index v = begin; v < end; ++v) {
          const double* here = P.row(v).data();
          double* sum = out.row(v).data();
          const double own = damping * trace_[v] + ridge;
          for (Index a = 0; a < n; ++a) sum[a] = own * here[a];
          for (Index h = graph_.first[at(v)]; h < graph_.first[at(v) + 1]; ++h) {
            const double* there = P.row(graph_.neighbour[at(h)]).data();
            const double* g = &jacobian_[at(h * n)];
            double along = 0;
            for (Index a = 0; a < n; ++a) along += g[a] * (here[a] - there[a]);
            for (Index a = 0; a < n; ++a) sum[a] += along * g[a];
          }
        }
      });
    };
    const auto blocks = [&](const Matrix& R, Matrix& out) {
      const Index n = dimension.size();
      for (Index v = 0; v < graph_.points; ++v) {
        const double* block = inverse_.row(v).data();
        const double* in = R.row(v).data();
        double* to = out.row(v).data();
        for (Index a = 0; a < n; ++a) {
          to[a] = 0;
          for (Index b = 0; b < n; ++b) to[a] += block[a * n + b] * in[b];
        }
      }
    };
    move_.setZero(gradient_.rows(), r);
    products_ += solver_.solve(-gradient_, move_, options_.most_products, 1e-3, hessian, blocks);
  });
}

Iterate LevenbergMarquardt::step() {
  Matrix& V = theta_.front().value;
  if (t_ == 0) {
    residuals(graph_, V, unit_, residual_);
    ++products_;
  }
  const double final_cut = kTukey * honest_scale(residual_, options_.scale_floor);
  const double annealed = options_.first_cut * std::pow(0.5, static_cast<double>(t_));
  const double cut = std::max(annealed, final_cut);

  Iterate iterate;
  iterate.f = loss(V, cut) / static_cast<double>(residual_.size());
  linearise(V, cut);
  iterate.gradient_norm = gradient_.norm();
  bool accepted = false;
  for (int attempt = 0; attempt < 5 && !accepted; ++attempt) {
    solve(damping_);
    trial_ = V + move_;
    const double f = loss(trial_, cut) / static_cast<double>(residual_.size());
    accepted = f <= iterate.f * (1 + 1e-12);
    if (!accepted) damping_ *= 10;
  }
  if (accepted) {
    V.swap(trial_);
    residual_.swap(trial_residual_);
    damping_ = std::max(damping_ / 5, kLeastDamping);
  } else if (damping_ > 1e3) {
    damping_ /= 100;
  }

  iterate.k = ++t_;
  iterate.step = cut;
  // While the cut is still being lowered, a small change does not mean that the map has settled.
  iterate.change = accepted && annealed <= final_cut ? move_.norm() / V.norm() : 1.0;
  iterate.theta = &theta_;
  return iterate;
}

Params LevenbergMarquardt::state() const {
  Params state = theta_;
  Matrix numbers(1, 2);
  numbers << static_cast<double>(t_), damping_;
  state.push_back({"t, damping", std::move(numbers)});
  return state;
}

void LevenbergMarquardt::restore(const Params& state) {
  theta_ = {state.at(0)};
  t_ = static_cast<Index>(state.at(1).value(0, 0));
  damping_ = state.at(1).value(0, 1);
  residuals(graph_, theta_.front().value, unit_, residual_);
}

}  // namespace gossan::locating
