#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/compare.hpp"
#include "gossan/locate.hpp"
#include "recover/shared/quantile.hpp"

namespace gossan {
namespace {

Matrix widened(const Matrix& values, Index cols) {
  Matrix wide = Matrix::Zero(values.rows(), cols);
  wide.leftCols(values.cols()) = values;
  return wide;
}

FlagRates judge_flags(const Matrix& truth, const Distances& pairs, const Located& located, const LocateOptions& options) {
  std::vector<double> error(pairs.distance.size());
  double longest = 0;
  for (std::size_t e = 0; e < error.size(); ++e) {
    const Vector a = truth.row(pairs.i[e]), b = truth.row(pairs.j[e]);
    const double distance = options.metric == "great-circle" ? arc(a, b, options.radius) : (a - b).norm();
    error[e] = pairs.distance[e] - distance;
    longest = std::max(longest, distance);
  }
  return flag_rates(error, located.outliers, 1e-9 * longest);
}

}  // namespace

PointErrors compare(const Matrix& truth, const Distances& data, const Located& located, const LocateOptions& options) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Index n = data.points;
  std::vector<Index> rows;
  for (Index i = 0; i < n; ++i) {
    const auto k = static_cast<std::size_t>(i);
    if (located.placement[k] == Placement::placed && located.component[k] == 0) rows.push_back(i);
  }
  PointErrors report;
  const Index dimension = std::max(truth.cols(), located.points.cols());
  report.aligned = Matrix::Constant(n, dimension, nan);
  report.error.assign(static_cast<std::size_t>(n), nan);
  report.compared = static_cast<Index>(rows.size());
  std::vector<double> errors;
  if (!rows.empty()) {
    const Matrix from = widened(located.points(rows, Eigen::all), dimension);
    const Matrix to = widened(truth(rows, Eigen::all), dimension);
    const Matrix aligned = moved(align(from, to), from);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const auto at = static_cast<Index>(k);
      report.aligned.row(rows[k]) = aligned.row(at);
      errors.push_back((aligned.row(at) - to.row(at)).norm());
      report.error[static_cast<std::size_t>(rows[k])] = errors.back();
    }
  }
  const auto errors_at = [&](double share) { return errors.empty() ? nan : quantile(errors, share); };
  report.median = errors_at(0.5);
  report.p99 = errors_at(0.99);
  report.max = errors_at(1);
  report.flags = judge_flags(truth, data, located, options);
  return report;
}

}  // namespace gossan
