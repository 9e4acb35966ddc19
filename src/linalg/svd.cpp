// Singular values of matrices known by their products or their factors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <utility>

#include "gossan/linalg.hpp"
#include "linalg/signs.hpp"

namespace gossan {
namespace {

constexpr Index dense_side = 64;

// Y = M X, column by column.
Matrix times(Index rows, Product multiply, const Matrix& X) {
  Matrix Y(rows, X.cols());
  Vector x(X.rows()), y(rows);
  for (Index a = 0; a < X.cols(); ++a) {
    x = X.col(a);
    multiply(x, y);
    if (!y.allFinite()) throw std::invalid_argument("truncated_svd: a product with the matrix is not finite");
    Y.col(a) = y;
  }
  return Y;
}

// For rows >= cols. Eigenvectors V of M^T M span the right subspace; the singular values are then read off M V, since those of
// the Gram matrix would be right only to the square root of the machine's precision.
Svd tall_svd(Index rows, Index cols, Product multiply, Product transposed, Index k) {
  if (cols <= dense_side || k > cols / 4) {
    const Svd all = svd(times(rows, multiply, Matrix::Identity(cols, cols)));
    return {all.U.leftCols(k), all.s.head(k), all.V.leftCols(k)};
  }
  Vector middle(rows);
  const auto gram = [&](const Vector& x, Vector& y) {
    multiply(x, middle);
    transposed(middle, y);
  };
  const Matrix V = eigenpairs(cols, gram, k).vectors;
  Svd result = svd(times(rows, multiply, V));
  result.V = V * result.V;
  return result;
}

}  // namespace

Svd truncated_svd(Index rows, Index cols, Product multiply, Product transposed, Index k) {
  if (rows < 1 || cols < 1)
    throw std::invalid_argument(fmt::format("truncated_svd: shape is {} x {}, expected at least 1 x 1", rows, cols));
  if (k < 1 || k > std::min(rows, cols))
    throw std::invalid_argument(fmt::format("truncated_svd: k is {}, expected 1 to {}", k, std::min(rows, cols)));
  if (rows >= cols) return tall_svd(rows, cols, multiply, transposed, k);
  Svd result = tall_svd(cols, rows, transposed, multiply, k);
  result.U.swap(result.V);
  return with_signs(std::move(result));
}

Svd product_svd(const Matrix& L, const Matrix& R) {
  const Qr left = qr(L), right = qr(R);
  const Svd small = svd(left.R * right.R.transpose());
  return {left.Q * small.U, small.s, right.Q * small.V};
}

Matrix beside(const Matrix& left, const Matrix& right) {
  Matrix both(left.rows(), left.cols() + right.cols());
  both << left, right;
  return both;
}

double spectral_norm(const Matrix& M) {
  if (M.size() == 0) return 0;
  const double scale = M.cwiseAbs().maxCoeff<Eigen::PropagateNaN>();
  if (!std::isfinite(scale)) return std::numeric_limits<double>::quiet_NaN();
  if (scale == 0) return 0;
  const Matrix N = M / scale;  // so that squares neither overflow nor vanish
  const bool wide = N.rows() <= N.cols();
  const Index side = std::min(N.rows(), N.cols());
  if (side <= dense_side) return scale * std::sqrt(eigenvalues(wide ? Matrix(N * N.transpose()) : Matrix(N.transpose() * N))(0));
  Vector middle(std::max(N.rows(), N.cols()));
  const auto gram = [&](const Vector& x, Vector& y) {
    if (wide) {
      middle.noalias() = N.transpose() * x;
      y.noalias() = N * middle;
    } else {
      middle.noalias() = N * x;
      y.noalias() = N.transpose() * middle;
    }
  };
  return scale * std::sqrt(eigenpairs(side, gram, 1).values(0));
}

}  // namespace gossan
