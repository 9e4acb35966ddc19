// What can be said of any operator through its sweep.
#include <fmt/format.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "operators/sweeps.hpp"

namespace gossan {
namespace {

void check_length(const Operator& A, std::size_t length, const char* who, const char* what) {
  if (static_cast<Index>(length) != A.measurements())
    throw std::invalid_argument(
        fmt::format("{}: {} has {} numbers, expected one for each of the {} measurements", who, what, length, A.measurements()));
}

// A judge that puts the weights w, one for each of the caller's measurements, in place of the predictions.
auto weights_of(const Operator& A, std::span<const double> w) {
  return [w, order = A.order()](Index first, std::span<double> z) {
    const auto at = static_cast<std::size_t>(first);
    for (std::size_t e = 0; e < z.size(); ++e) z[e] = order.empty() ? w[at + e] : w[order[at + e]];
  };
}

}  // namespace

void prepare_sweep(const Operator& A, const Matrix& L, const Matrix& R, Matrix* GL, Matrix* GR) {
  if (L.rows() != A.rows() || R.rows() != A.cols() || L.cols() != R.cols())
    throw std::invalid_argument(fmt::format("sweep: L is {} x {} and R is {} x {}, expected {} x r and {} x r with one r",
                                            L.rows(), L.cols(), R.rows(), R.cols(), A.rows(), A.cols()));
  if ((GL == nullptr) != (GR == nullptr))
    throw std::invalid_argument("sweep: one gradient is null, expected both GL and GR or neither");
  if (GL == nullptr) return;
  if (GL == GR || GL == &L || GL == &R || GR == &L || GR == &R)
    throw std::invalid_argument("sweep: GL, GR and the factors share memory, expected matrices of their own");
  GL->resize(L.rows(), L.cols());
  GR->resize(R.rows(), R.cols());
}

Index block_length(Index bytes_per_measurement) {
  constexpr Index cache = Index{256} * 1024;
  return Operator::granule * std::max<Index>(1, cache / (Operator::granule * bytes_per_measurement));
}

std::vector<double> to_sweep_order(const Operator& A, std::span<const double> values) {
  check_length(A, values.size(), "to_sweep_order", "the vector");
  std::vector<double> sorted(values.begin(), values.end());
  const auto order = A.order();
  for (std::size_t e = 0; e < order.size(); ++e) sorted[e] = values[order[e]];
  return sorted;
}

std::vector<double> to_caller_order(const Operator& A, std::span<const double> values) {
  check_length(A, values.size(), "to_caller_order", "the vector");
  std::vector<double> given(values.begin(), values.end());
  const auto order = A.order();
  for (std::size_t e = 0; e < order.size(); ++e) given[order[e]] = values[e];
  return given;
}

double rough_error(const Operator& A) {
  const auto* talent = dynamic_cast<const RoughError*>(&A);
  return talent == nullptr ? single_rounding : talent->rough_error();
}

void predict(const Operator& A, const Matrix& L, const Matrix& R, std::span<double> z) {
  check_length(A, z.size(), "predict", "z");
  const auto keep = [z, order = A.order()](Index first, std::span<double> block) {
    const auto at = static_cast<std::size_t>(first);
    for (std::size_t e = 0; e < block.size(); ++e) z[order.empty() ? at + e : order[at + e]] = block[e];
  };
  A.sweep(L, R, keep, nullptr, nullptr);
}

void adjoint_times(const Operator& A, std::span<const double> w, const Matrix& L, const Matrix& R, Matrix& GL, Matrix& GR) {
  check_length(A, w.size(), "adjoint_times", "w");
  A.sweep(L, R, weights_of(A, w), &GL, &GR);
}

Matrix whole_adjoint(const Operator& A, std::span<const double> w) {
  check_length(A, w.size(), "whole_adjoint", "w");
  Matrix S;
  if (const auto* whole = dynamic_cast<const WholeAdjoint*>(&A)) {
    whole->sweep_whole(Matrix::Zero(A.rows(), 1), Matrix::Zero(A.cols(), 1), weights_of(A, w), S);
    return S;
  }
  Matrix GR;
  A.sweep(Matrix::Zero(A.rows(), A.cols()), Matrix::Identity(A.cols(), A.cols()), weights_of(A, w), &S, &GR);
  return S;
}

double operator_norm(const Operator& A, std::span<const double> w) {
  check_length(A, w.size(), "operator_norm", "w");
  if (!std::all_of(w.begin(), w.end(), [](double each) { return std::isfinite(each); }))
    return std::numeric_limits<double>::quiet_NaN();
  if (dynamic_cast<const WholeAdjoint*>(&A) != nullptr) return spectral_norm(whole_adjoint(A, w));
  // One sweep with a factor that is a single column x gives A*(w) x.
  Matrix left = Matrix::Zero(A.rows(), 1), right = Matrix::Zero(A.cols(), 1), GL, GR;
  const auto multiply = [&](const Vector& x, Vector& y) {
    right.col(0) = x;
    A.sweep(left, right, weights_of(A, w), &GL, &GR);
    right.setZero();
    y = GL.col(0);
  };
  const auto transposed = [&](const Vector& x, Vector& y) {
    left.col(0) = x;
    A.sweep(left, right, weights_of(A, w), &GL, &GR);
    left.setZero();
    y = GR.col(0);
  };
  return truncated_svd(A.rows(), A.cols(), multiply, transposed, 1).s(0);
}

}  // namespace gossan
