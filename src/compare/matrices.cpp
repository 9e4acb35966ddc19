#include <algorithm>
#include <cmath>
#include <numeric>

#include "gossan/compare.hpp"
#include "gossan/complete.hpp"
#include "gossan/operators.hpp"
#include "gossan/rpca.hpp"
#include "gossan/sense.hpp"

namespace gossan {

MatrixErrors compare(const Matrix& truth, const Operator& A, std::span<const double> y, const Sensed& sensed) {
  MatrixErrors report;
  const Matrix X = sensed.L * (sensed.symmetric ? sensed.L : sensed.R).transpose();
  report.relative_error = (X - truth).norm() / truth.norm();
  std::vector<double> error(y.size());
  predict(A, truth, Matrix::Identity(truth.cols(), truth.cols()), error);
  double largest = 0;
  for (std::size_t e = 0; e < error.size(); ++e) {
    largest = std::max(largest, std::abs(error[e]));
    error[e] = y[e] - error[e];
  }
  report.flags = flag_rates(error, sensed.outliers, 1e-9 * largest);
  return report;
}

MatrixErrors compare(const Matrix& truth, const TableRows& table, const Decomposed& found) {
  MatrixErrors report;
  std::vector<double> error;
  std::vector<bool> flagged;
  double squares = 0;
  Vector x(table.cols);
  each_row(table, [&](Index i, const double* row) {
    x.noalias() = found.R * found.L.row(i).transpose();
    squares += (x.transpose() - truth.row(i)).squaredNorm();
    for (Index j = 0; j < table.cols; ++j) {
      if (std::isnan(row[j])) continue;
      error.push_back(row[j] - truth(i, j));
      flagged.push_back(found.outliers[static_cast<std::size_t>(i * table.cols + j)]);
    }
  });
  report.relative_error = std::sqrt(squares) / truth.norm();
  report.flags = flag_rates(error, flagged, 1e-9 * truth.cwiseAbs().maxCoeff());
  return report;
}

double relative_error(const Matrix& truth, std::span<const Index> row, std::span<const Index> col, const Completed& completed) {
  double error = 0, size = 0;
  std::vector<Index> j(col.size());
  std::iota(j.begin(), j.end(), Index{0});
  std::vector<double> mean(j.size()), sd(j.size());
  for (Index a = 0; a < completed.rows; ++a) {
    predict(completed, std::vector<Index>(j.size(), a), j, mean, sd);
    for (std::size_t b = 0; b < j.size(); ++b) {
      const double x = truth(row[static_cast<std::size_t>(a)], col[b]);
      error += (mean[b] - x) * (mean[b] - x);
      size += x * x;
    }
  }
  return std::sqrt(error / size);
}

}  // namespace gossan
