#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>

#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

Eigen::MatrixXd triangle(const Matrix& F) {
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(F);
  return qr.matrixQR().topRows(std::min(F.rows(), F.cols())).triangularView<Eigen::Upper>();
}

Vector eigenvalues(const Eigen::MatrixXd& gram) {
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(gram, Eigen::EigenvaluesOnly).eigenvalues().cwiseMax(0);
}

// Of L R^T, from Gram matrices: values below 1e-8 of the largest are lost, which an entropy does not feel.
Vector singular_values(const Factors& X) {
  if (&X.L == &X.R) return eigenvalues(X.L.transpose() * X.L);
  const Eigen::MatrixXd product = triangle(X.L) * triangle(X.R).transpose();
  const double scale = product.norm();  // so that squares do not vanish
  if (scale == 0) return Vector::Zero(product.rows());
  return scale * eigenvalues(product * product.transpose() / (scale * scale)).cwiseSqrt();
}

double exponential_entropy(const Vector& sizes) {
  const double sum = sizes.sum();
  if (sum == 0) return 0;
  double entropy = 0;
  for (const double each : sizes) {
    const double share = each / sum;
    if (share > 0) entropy -= share * std::log(share);
  }
  return std::exp(entropy);
}

}  // namespace

Gauge effective_rank() {
  return {"Effective rank", {"effective_rank"}, [](const Iterate& /*at*/, const Factors& X, std::span<double> values) {
            values[0] = exponential_entropy(singular_values(X));
          }};
}

}  // namespace gossan
