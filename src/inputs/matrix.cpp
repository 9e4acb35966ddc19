#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "gossan/inputs.hpp"
#include "gossan/io.hpp"

namespace gossan {

Matrix read_matrix(const std::string& file) {
  const Array array = read_array(file);
  const bool fits = (array.shape.size() == 1 || array.shape.size() == 2) && !array.values.empty();
  if (!fits) bad_file(file, fmt::format("shape ({})", fmt::join(array.shape, ", ")), "expected a matrix");
  Matrix matrix = Eigen::Map<const Matrix>(array.values.data(), array.shape[0], array.shape.size() == 2 ? array.shape[1] : 1);
  for (Index k = 0; k < matrix.size(); ++k) {
    if (!std::isfinite(matrix.data()[k]))
      bad_file(file, fmt::format("entry ({}, {})", k / matrix.cols(), k % matrix.cols()),
               fmt::format("is {}, expected a finite number", matrix.data()[k]));
  }
  return matrix;
}

Matrix read_true_matrix(const std::string& file, const Operator& A) {
  Matrix truth = read_matrix(file);
  if (truth.rows() != A.rows() || truth.cols() != A.cols())
    bad_file(file, "shape", fmt::format("expected a {} x {} matrix", A.rows(), A.cols()));
  if (truth.isZero(0)) bad_file(file, "", "is all zero, expected a matrix that an error can be measured against");
  return truth;
}

}  // namespace gossan
