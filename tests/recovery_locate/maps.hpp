// Planted maps, and a judge of recovered ones that shares no code with the recovery.
#pragma once

#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <vector>

#include "gossan/generate.hpp"
#include "gossan/locate.hpp"

namespace gossan {

struct Map {
  Matrix truth;
  GeneratedDistances data;
};

inline Map planted(GeneratePointsOptions points, GenerateLocateOptions measured) {
  Map map;
  map.truth = generate_points(points);
  map.data = generate_distances(map.truth, measured);
  return map;
}

inline double rms_radius(const Matrix& X) {
  const Matrix centred = X.rowwise() - X.colwise().mean();
  return std::sqrt(centred.squaredNorm() / static_cast<double>(X.rows()));
}

// |Q v_k + t - x_k| for the points with use[k], (Q, t) the best rigid motion of just these.
inline std::vector<double> errors(const Matrix& V, const Matrix& X, const std::vector<bool>& use) {
  std::vector<Index> rows;
  for (std::size_t k = 0; k < use.size(); ++k) {
    if (use[k]) rows.push_back(static_cast<Index>(k));
  }
  if (rows.empty() || V.cols() != X.cols()) return {INFINITY};
  Matrix P = V(rows, Eigen::all);
  Matrix Y = X(rows, Eigen::all);
  P.rowwise() -= P.colwise().mean().eval();
  Y.rowwise() -= Y.colwise().mean().eval();
  const Eigen::MatrixXd cross = P.transpose() * Y;
  const Eigen::JacobiSVD<Eigen::MatrixXd> parts(cross, Eigen::ComputeFullU | Eigen::ComputeFullV);
  const Matrix moved = P * parts.matrixU() * parts.matrixV().transpose();
  std::vector<double> error(rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) {
    error[k] = (moved.row(static_cast<Index>(k)) - Y.row(static_cast<Index>(k))).norm();
  }
  return error;
}

inline std::vector<double> errors(const Located& located, const Matrix& X) {
  return errors(located.points, X, std::vector<bool>(static_cast<std::size_t>(X.rows()), true));
}

inline double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

inline double largest(const std::vector<double>& values) { return *std::max_element(values.begin(), values.end()); }

// Share of the pairs with chosen[e] == which that were flagged.
inline double flagged(const Located& located, const std::vector<bool>& chosen, bool which) {
  double count = 0;
  double hits = 0;
  for (std::size_t e = 0; e < chosen.size(); ++e) {
    if (chosen[e] != which) continue;
    ++count;
    hits += located.outliers[e];
  }
  return count == 0 ? 0 : hits / count;
}

}  // namespace gossan
