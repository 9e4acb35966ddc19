#include "recover/complete/ridge.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "linalg/kernels/gather.hpp"
#include "recover/shared/packed.hpp"
#include "recover/shared/scales.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan::completing {
namespace {

// Records [b b^T packed | b | padding 0] of the rows of B.
Matrix outer_products(const Matrix& B) {
  const Index r = B.cols(), stride = (packed_size(r) + r + 7) / 8 * 8;
  Matrix records = Matrix::Zero(B.rows(), stride);
  parallel_blocks(B.rows(), 256, [&](Index, Index first, Index last) {
    for (Index a = first; a < last; ++a) {
      for (Index k = 0; k < r; ++k) {
        for (Index l = 0; l <= k; ++l) records(a, packed(k, l)) = B(a, k) * B(a, l);
        records(a, packed_size(r) + k) = B(a, k);
      }
    }
  });
  return records;
}

struct NormalEquations {
  Eigen::MatrixXd gram;  // sum b b^T
  Vector right;          // sum value b
};

// body(row, equations) for every row, concurrently.
void each_row(const Grouped& side, const std::vector<double>& value, const Matrix& B,
              function_ref<void(Index, NormalEquations&)> body) {
  const Index r = B.cols();
  const Matrix records = outer_products(B);
  const Index stride = records.cols();
  parallel_blocks(side.count(), row_block(side.count()), [&](Index, Index first, Index last) {
    NormalEquations equations{Eigen::MatrixXd(r, r), Vector(r)};
    Vector sums(stride);
    std::vector<double> ones, targets;
    for (Index a = first; a < last; ++a) {
      const auto from = static_cast<std::size_t>(side.start[static_cast<std::size_t>(a)]);
      const auto count = static_cast<std::size_t>(side.size(a));
      ones.assign(count, 1.0);
      targets.resize(count);
      for (std::size_t k = 0; k < count; ++k) targets[k] = value[side.entry.empty() ? from + k : side.entry[from + k]];
      sums.setZero();
      equations.right.setZero();
      const auto n = static_cast<Index>(count);
      gather_add(n, side.other.data() + from, ones.data(), records.data(), stride, packed_size(r), sums.data());
      gather_add(n, side.other.data() + from, targets.data(), records.data() + packed_size(r), stride, r, equations.right.data());
      for (Index k = 0; k < r; ++k) {
        for (Index l = 0; l <= k; ++l) equations.gram(k, l) = equations.gram(l, k) = sums(packed(k, l));
      }
      body(a, equations);
    }
  });
}

void regress(const Grouped& side, const std::vector<double>& value, const Matrix& B, double ridge, Matrix& A) {
  each_row(side, value, B, [&](Index a, NormalEquations& equations) {
    const double least = 1e-12 * equations.gram.diagonal().sum();
    equations.gram.diagonal().array() += std::max(ridge, std::max(least, 1e-300));
    A.row(a) = Eigen::LLT<Eigen::MatrixXd>(equations.gram).solve(equations.right);
  });
}

// The regression of A = F P, P a x r: normal equations of [P_1; ...; P_r], the columns of P. Block (k, l) is F^T diag(G_kl) F,
// G_i the sum of b b^T over the entries of row i.
struct JointEquations {
  Eigen::MatrixXd gram;  // a r x a r
  Vector right;          // a r
};
JointEquations joint_equations(const Grouped& side, const std::vector<double>& value, const Matrix& B, const Matrix& F) {
  const Index r = B.cols(), a = F.cols(), n = side.count();
  Matrix grams(n, packed_size(r)), rights(n, r);
  each_row(side, value, B, [&](Index i, NormalEquations& equations) {
    for (Index k = 0; k < r; ++k) {
      for (Index l = 0; l <= k; ++l) grams(i, packed(k, l)) = equations.gram(k, l);
    }
    rights.row(i) = equations.right.transpose();
  });
  JointEquations joint{Eigen::MatrixXd(a * r, a * r), Vector(a * r)};
  for (Index k = 0; k < r; ++k) {
    joint.right.segment(k * a, a) = F.transpose() * rights.col(k);
    for (Index l = 0; l <= k; ++l) {
      const Eigen::MatrixXd block = F.transpose() * grams.col(packed(k, l)).asDiagonal() * F;
      joint.gram.block(k * a, l * a, a, a) = block;
      joint.gram.block(l * a, k * a, a, a) = block;
    }
  }
  return joint;
}

void regress_within(const Grouped& side, const std::vector<double>& value, const Matrix& B, double ridge, const Matrix& F,
                    Matrix& A) {
  JointEquations joint = joint_equations(side, value, B, F);
  const double least = 1e-12 * joint.gram.diagonal().maxCoeff();
  joint.gram.diagonal().array() += std::max({ridge, least, 1e-300});
  const Vector p = Eigen::LLT<Eigen::MatrixXd>(joint.gram).solve(joint.right);
  for (Index k = 0; k < B.cols(); ++k) A.col(k) = F * p.segment(k * F.cols(), F.cols());
}

void fit_side(const Grouped& side, const std::vector<double>& value, const Matrix& B, double ridge, const Matrix& F, Matrix& A) {
  if (F.size() > 0)
    regress_within(side, value, B, ridge, F, A);
  else
    regress(side, value, B, ridge, A);
}

Posterior rows_within(const Grouped& side, const std::vector<double>& value, const Matrix& B, double variance, double prior,
                      const Matrix& F) {
  const Index r = B.cols(), a = F.cols();
  Posterior posterior{Matrix::Zero(side.count(), r + 1), Matrix::Zero(side.count(), packed_size(r + 1))};
  JointEquations joint = joint_equations(side, value, B, F);
  joint.gram.diagonal().array() += variance / prior;
  const Eigen::LLT<Eigen::MatrixXd> solver(joint.gram);
  const Vector p = solver.solve(joint.right);
  const Eigen::MatrixXd inverse = solver.solve(Eigen::MatrixXd::Identity(a * r, a * r));
  for (Index k = 0; k < r; ++k) {
    posterior.mean.col(k) = F * p.segment(k * a, a);
    for (Index l = 0; l <= k; ++l) {
      const Matrix half = F * inverse.block(k * a, l * a, a, a);
      posterior.covariance.col(packed(k, l)) = variance * half.cwiseProduct(F).rowwise().sum();
    }
  }
  return posterior;
}

}  // namespace

std::vector<double> low_rank_residuals(const Entries& entries, const Matrix& A, const Matrix& B) {
  std::vector<double> residual = entries.value;
  if (A.cols() == 0) return residual;
  const Grouped& side = entries.by_row;
  parallel_blocks(side.count(), row_block(side.count()), [&](Index, Index from, Index to) {
    std::vector<double> z;
    for (Index a = from; a < to; ++a) {
      const auto start = static_cast<std::size_t>(side.start[static_cast<std::size_t>(a)]);
      const Index n = side.size(a);
      z.resize(static_cast<std::size_t>(n));
      gather_dots(n, side.other.data() + start, B.data(), B.cols(), B.cols(), A.data() + a * A.cols(), z.data());
      for (std::size_t k = 0; k < z.size(); ++k) residual[start + k] -= z[k];
    }
  });
  return residual;
}

RidgeSweeps::RidgeSweeps(const Entries& entries, Matrix A, Matrix B, double ridge, double enough, const Spans& spans)
    : entries_(entries),
      spans_(spans),
      A_(std::move(A)),
      B_(std::move(B)),
      ridge_(ridge),
      enough_(enough),
      scale_(root_mean_square(entries.value)) {
  residual_ = root_mean_square(low_rank_residuals(entries_, A_, B_));
}

void RidgeSweeps::restore(const Params& state) {
  A_ = state[0].value;
  B_ = state[1].value;
  residual_ = root_mean_square(low_rank_residuals(entries_, A_, B_));
}

Iterate RidgeSweeps::step() {
  const auto rows = static_cast<double>(entries_.rows()), cols = static_cast<double>(entries_.cols());
  const double seen = static_cast<double>(entries_.count()) / (rows * cols);
  // Within spans the noise is that of matrices of their size.
  const auto free = [](const Matrix& span, double count) { return span.size() > 0 ? static_cast<double>(span.cols()) : count; };
  const double ridge = ridge_ * residual_ * std::sqrt(seen) * noise_edge(free(spans_.rows, rows), free(spans_.cols, cols));
  fit_side(entries_.by_row, entries_.value, B_, ridge, spans_.rows, A_);
  fit_side(entries_.by_col, entries_.value, A_, ridge, spans_.cols, B_);
  if (A_.allFinite() && B_.allFinite()) {
    const Svd parts = product_svd(A_, B_);
    // A product of fewer columns than it may have is padded by zeros.
    const Vector root = parts.s.cwiseSqrt();
    A_.leftCols(root.size()) = parts.U * root.asDiagonal();
    B_.leftCols(root.size()) = parts.V * root.asDiagonal();
    A_.rightCols(A_.cols() - root.size()).setZero();
    B_.rightCols(B_.cols() - root.size()).setZero();
  }
  const double before = residual_;
  residual_ = root_mean_square(low_rank_residuals(entries_, A_, B_));
  const double change = residual_ <= enough_ * scale_ ? 0 : std::abs(before - residual_) / std::max(before, 1e-300);
  return {.k = ++k_, .f = residual_, .step = 1, .change = change};
}

Posterior rows_given(const Grouped& side, const std::vector<double>& value, const Matrix& B, double variance, double prior,
                     const Matrix& span) {
  if (span.size() > 0) return rows_within(side, value, B, variance, prior, span);
  const Index r = B.cols();
  Posterior posterior{Matrix::Zero(side.count(), r + 1), Matrix::Zero(side.count(), packed_size(r + 1))};
  each_row(side, value, B, [&](Index a, NormalEquations& equations) {
    equations.gram.diagonal().array() += variance / prior;
    const Eigen::LLT<Eigen::MatrixXd> solver(equations.gram);
    posterior.mean.row(a).head(r) = solver.solve(equations.right);
    const Eigen::MatrixXd inverse = solver.solve(Eigen::MatrixXd::Identity(r, r));
    for (Index k = 0; k < r; ++k) {
      for (Index l = 0; l <= k; ++l) posterior.covariance(a, packed(k, l)) = variance * inverse(k, l);
    }
  });
  return posterior;
}

}  // namespace gossan::completing
