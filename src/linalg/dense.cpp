// Eigen's decompositions of dense matrices. They take longest to compile of all that Gossan uses: once, here.
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "linalg/signs.hpp"

namespace gossan {

Eigenpairs eigenpairs(const Matrix& S) {
  if (S.size() == 0) return {Vector(0), Matrix(0, 0)};
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(S);
  if (solver.info() != Eigen::Success) throw std::runtime_error("eigenpairs: the dense eigenvalue iteration did not converge");
  Eigenpairs pairs{solver.eigenvalues().reverse(), solver.eigenvectors().rowwise().reverse()};
  for (Index a = 0; a < pairs.values.size(); ++a) pairs.vectors.col(a) *= sign_of_largest(pairs.vectors.col(a));
  return pairs;
}

Vector eigenvalues(const Matrix& S) {
  if (S.size() == 0) return Vector(0);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(S, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) throw std::runtime_error("eigenvalues: the dense iteration did not converge");
  return solver.eigenvalues().reverse();
}

Svd svd(const Matrix& M) {
  if (!M.allFinite()) throw std::invalid_argument("svd: the matrix has entries that are not finite");
  if (M.size() == 0) return {Matrix(M.rows(), 0), Vector(0), Matrix(M.cols(), 0)};
  const Eigen::BDCSVD<Eigen::MatrixXd> solver(M, Eigen::ComputeThinU | Eigen::ComputeThinV);
  if (solver.info() != Eigen::Success) throw std::runtime_error("svd: the dense iteration did not converge");
  return with_signs({solver.matrixU(), solver.singularValues(), solver.matrixV()});
}

Qr qr(const Matrix& A) {
  const Index k = std::min(A.rows(), A.cols());
  const Eigen::HouseholderQR<Eigen::MatrixXd> factored(A);
  return {factored.householderQ() * Eigen::MatrixXd::Identity(A.rows(), k),
          Eigen::MatrixXd(factored.matrixQR().topRows(k).triangularView<Eigen::Upper>())};
}

Matrix orthonormal(const Matrix& A) { return qr(A).Q; }

}  // namespace gossan
