#include <gtest/gtest.h>

#include <cmath>

#include "gossan/compare.hpp"
#include "gossan/complete.hpp"
#include "gossan/linalg.hpp"
#include "gossan/operators.hpp"
#include "gossan/random.hpp"
#include "gossan/rpca.hpp"
#include "gossan/sense.hpp"

namespace gossan {
namespace {

TEST(CompareMatrices, ATableAndItsMeasurementsSayTheSame) {
  constexpr Index m = 9, n = 7;
  const Matrix L = normal_matrix(m, 2, Random(1, 1)), R = normal_matrix(n, 2, Random(1, 2));
  const Matrix truth = L * R.transpose();
  Matrix Y = truth;
  Y(2, 3) += 10;
  Decomposed found;
  found.L = 1.1 * L;
  found.R = R;
  found.outliers.assign(static_cast<std::size_t>(m * n), false);
  found.outliers[2 * n + 3] = true;
  const MatrixErrors of_table = compare(truth, table_of(Y), found);
  EXPECT_NEAR(of_table.relative_error, 0.1, 1e-12);
  EXPECT_EQ(of_table.flags.wrong, 1);
  EXPECT_DOUBLE_EQ(of_table.flags.wrong_flagged, 1);
  EXPECT_DOUBLE_EQ(of_table.flags.honest_flagged, 0);

  // Every entry as a measurement, row by row.
  Matrix A = Matrix::Identity(m * n, m * n);
  std::vector<double> y;
  for (Index i = 0; i < m; ++i) {
    for (Index j = 0; j < n; ++j) y.push_back(Y(i, j));
  }
  Sensed sensed;
  sensed.L = found.L;
  sensed.R = found.R;
  sensed.outliers = found.outliers;
  const MatrixErrors of_measurements = compare(truth, *dense(std::move(A), m, n), y, sensed);
  EXPECT_NEAR(of_measurements.relative_error, of_table.relative_error, 1e-12);
  EXPECT_EQ(of_measurements.flags.wrong, 1);
  EXPECT_DOUBLE_EQ(of_measurements.flags.wrong_flagged, 1);
}

TEST(ComparePredictions, CountsErrorsCoverageAndUnknowns) {
  const Predictions predictions{{1, 2, 3, 4}, {1, 1, 1, 1}};
  const std::vector<Index> i = {0, -1, 2, -1}, j = {0, 1, 2, -1};
  const std::vector<double> value = {1, 4, 2, 4};
  const PredictionErrors errors = compare(predictions, i, j, value);
  EXPECT_EQ(errors.count, 4);
  EXPECT_EQ(errors.unknown, 2);
  EXPECT_DOUBLE_EQ(errors.mae, 0.75);
  EXPECT_DOUBLE_EQ(errors.rmse, std::sqrt(5.0 / 4));
  EXPECT_DOUBLE_EQ(errors.coverage, 0.75);  // 2 is beyond 1.645 standard deviations
}

}  // namespace
}  // namespace gossan
