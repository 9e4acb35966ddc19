// That an operator agrees with the obvious loops, at sizes that are awkward for blocks and vector instructions.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <vector>

#include "gossan/operators.hpp"
#include "reference/slow.hpp"

namespace gossan {

inline constexpr Index counts[] = {1, 2, 3, 17, 64, 65, 200};

struct Size {
  Index rows, cols, rank;
};
inline constexpr Size sizes[] = {{1, 1, 1}, {1, 7, 3}, {3, 2, 2}, {17, 5, 3}, {17, 17, 20}, {65, 64, 4}};

inline double weight(double z) { return std::sin(z) + 0.1; }

inline constexpr auto weigh = [](Index, std::span<double> z) {
  for (double& each : z) each = weight(each);
};

// Differences are measured against the size of what is summed, which is at most that of these maxima times the counts.
inline void expect_same(const Operator& A, const slow::Entry& entry, const Matrix& L, const Matrix& R) {
  SCOPED_TRACE(testing::Message() << A.measurements() << " measurements of " << A.rows() << " x " << A.cols() << ", rank "
                                  << L.cols());
  const slow::Swept wanted = slow::sweep(A.measurements(), entry, L, R, weight);
  const double tolerance = 1e-12 * static_cast<double>(A.rows() * A.cols() + A.measurements());
  std::vector<double> z(static_cast<std::size_t>(A.measurements()));
  predict(A, L, R, z);
  EXPECT_LE((Eigen::Map<const Vector>(z.data(), A.measurements()) - wanted.z).cwiseAbs().maxCoeff(), tolerance);
  Matrix GL, GR;
  A.sweep(L, R, weigh, &GL, &GR);
  EXPECT_LE((GL - wanted.GL).cwiseAbs().maxCoeff(), tolerance);
  EXPECT_LE((GR - wanted.GR).cwiseAbs().maxCoeff(), tolerance);
}

}  // namespace gossan
