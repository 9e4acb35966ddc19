// Small instances with everything formed: what the sweeps are held to.
#pragma once

#include <Eigen/Eigenvalues>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "gossan/operators.hpp"
#include "gossan/probe.hpp"
#include "gossan/random.hpp"

namespace gossan {

struct DenseInstance {
  Index rows, cols;
  std::vector<Matrix> A;
  std::vector<double> y;
  std::unique_ptr<Operator> op;

  double residual(Index e, const Matrix& X) const {
    return A[static_cast<std::size_t>(e)].cwiseProduct(X).sum() - y[static_cast<std::size_t>(e)];
  }
  Index n() const { return static_cast<Index>(A.size()); }
};

// n measurements of X by standard normal A_e, the first `wrong` of them with errors N(0, spread^2).
inline DenseInstance dense_instance(const Matrix& X, Index n, Index wrong, double spread, std::uint64_t seed) {
  DenseInstance made{X.rows(), X.cols(), {}, {}, nullptr};
  const Matrix rows = normal_matrix(n, X.size(), Random(seed, 1));
  const Random error(seed, 2);
  for (Index e = 0; e < n; ++e) {
    made.A.emplace_back(Eigen::Map<const Matrix>(rows.row(e).data(), X.rows(), X.cols()));
    made.y.push_back(made.A.back().cwiseProduct(X).sum() + (e < wrong ? spread * error.normal(e) : 0));
  }
  made.op = dense(rows, X.rows(), X.cols());
  return made;
}

// U with U U^T of the given eigenvalues (d x search rank, columns beyond them zero).
inline Matrix planted_factor(Index d, const std::vector<double>& eigenvalues, Index search_rank, std::uint64_t seed) {
  const Matrix G = normal_matrix(d, d, Random(seed, 3));
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> basis(G + G.transpose());
  Matrix U = Matrix::Zero(d, search_rank);
  for (std::size_t k = 0; k < eigenvalues.size(); ++k) {
    const auto column = static_cast<Index>(k);
    U.col(column) = std::sqrt(eigenvalues[k]) * basis.eigenvectors().col(column);
  }
  return U;
}

}  // namespace gossan
