#include "recover/rpca/pcp.hpp"

#include <algorithm>
#include <cmath>

#include "gossan/linalg.hpp"
#include "linalg/kernels/product.hpp"

namespace gossan::robust_pca {
namespace {

constexpr double growth = 1.2, first_penalty = 1.25;
constexpr Index rows_together = 48;

Strided plain(const Matrix& M) { return {M.data(), M.cols(), 1}; }
Strided turned(const Matrix& M) { return {M.data(), 1, M.cols()}; }

// C = A B for A (m x k).
void product(Index m, Index k, Strided A, const Matrix& B, Matrix& C) {
  C.resize(m, B.cols());
  parallel_blocks(m, rows_together, [&](Index, Index first, Index last) {
    multiply(last - first, B.cols(), k, {A.data + first * A.row, A.row, A.col}, B.data(), B.cols(), C.data() + first * C.cols(),
             C.cols(), false);
  });
}

double shrink(double value, double by) { return value > by ? value - by : value < -by ? value + by : 0.0; }

}  // namespace

Pcp::Pcp(const ObservedTable& table) : wide_(table.cols() > table.rows()), lanes_(wide_ ? table.by_col : table.by_row) {
  const Index m = lanes_.problems(), n = lanes_.equations();
  A_ = Matrix::Zero(m, n);
  dual_ = Matrix::Zero(m, n);
  for (Index i = 0; i < m; ++i)
    for (Index j = 0; j < n; ++j) {
      const double y = lanes_.at(i, j);
      dual_(i, j) = std::isnan(y) ? 0.0 : y;
    }
  lambda_ = 1 / std::sqrt(static_cast<double>(std::max(m, n)) * table.share());
  norm_ = dual_.norm();
  const double spectral = spectral_norm(dual_);
  const double largest = dual_.cwiseAbs().maxCoeff();
  // Of a table of zeros any penalty does.
  mu_ = spectral > 0 ? first_penalty / spectral : 1;
  if (spectral > 0) dual_ /= std::max(spectral, largest / lambda_);
  X_ = {Matrix(table.rows(), 0), Matrix(table.cols(), 0)};
}

void Pcp::threshold_singular_values() {
  const Index m = A_.rows(), n = A_.cols();
  Matrix gram;
  product(n, m, turned(M_), M_, gram);
  const Eigenpairs pairs = eigenpairs(gram);
  const Vector s = pairs.values.cwiseMax(0).cwiseSqrt();
  const Index kept = std::max<Index>((s.array() > 1 / mu_).count(), 1);
  const Matrix W = pairs.vectors.leftCols(kept);
  s_ = (s.head(kept).array() - 1 / mu_).cwiseMax(0);
  Matrix left, right = W.transpose();
  product(m, n, plain(M_), W, left);
  left = left * (s_.array() / s.head(kept).array().max(1e-300)).matrix().asDiagonal();
  product(m, kept, plain(left), right, A_);
  const Vector root = s_.cwiseMax(1e-300).cwiseSqrt();
  Matrix L = left * root.cwiseInverse().asDiagonal(), R = W * root.asDiagonal();
  X_ = wide_ ? TableFactors{std::move(R), std::move(L)} : TableFactors{std::move(L), std::move(R)};
}

// Y - X - E and what it adds to the multipliers.
void Pcp::update_dual() {
  const Index m = A_.rows(), n = A_.cols();
  const double squares = ordered_sum(m, rows_together, [&](Index first, Index last) {
    double sum = 0;
    for (Index i = first; i < last; ++i)
      for (Index j = 0; j < n; ++j) {
        const double y = lanes_.at(i, j);
        if (std::isnan(y)) continue;
        // E = Y + dual / mu - M where observed.
        const double left = M_(i, j) - dual_(i, j) / mu_ - A_(i, j);
        dual_(i, j) += mu_ * left;
        sum += left * left;
      }
    return sum;
  });
  residual_ = norm_ > 0 ? std::sqrt(squares) / norm_ : 0;
}

Iterate Pcp::step() {
  const Index m = A_.rows(), n = A_.cols();
  M_.resize(m, n);
  parallel_blocks(m, rows_together, [&](Index, Index first, Index last) {
    for (Index i = first; i < last; ++i)
      for (Index j = 0; j < n; ++j) {
        const double y = lanes_.at(i, j);
        const double aim = y + dual_(i, j) / mu_;
        M_(i, j) = std::isnan(y) ? A_(i, j) : aim - shrink(aim - A_(i, j), lambda_ / mu_);
      }
  });
  threshold_singular_values();
  update_dual();
  mu_ *= growth;

  theta_ = state();
  Iterate iterate;
  iterate.k = ++k_;
  iterate.f = residual_;
  iterate.change = residual_;
  iterate.theta = &theta_;
  return iterate;
}

}  // namespace gossan::robust_pca
