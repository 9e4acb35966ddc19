// The matrix and vector types that every module shares.
#pragma once

#include <Eigen/Core>

namespace gossan {

using Index = Eigen::Index;

// Row-major double: row i of a factor is contiguous, and a NumPy array maps without a copy.
using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::VectorXd;

}  // namespace gossan
