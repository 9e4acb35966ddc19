#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "gossan/apply.hpp"
#include "gossan/linalg.hpp"
#include "recover/apply/row_unit.hpp"
#include "recover/complete/recipes.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/shared/packed.hpp"
#include "recover/shared/scales.hpp"

namespace gossan {
namespace {

void add_outer(const double* c, Index rank, double* lower) {
  for (Index p = 0; p < rank; ++p)
    for (Index q = 0; q <= p; ++q) *lower++ += c[p] * c[q];
}

Eigen::MatrixXd unpacked(const double* lower, Index rank) {
  Eigen::MatrixXd M(rank, rank);
  for (Index p = 0; p < rank; ++p)
    for (Index q = 0; q <= p; ++q) M(p, q) = M(q, p) = *lower++;
  return M;
}

}  // namespace

LowRankModel low_rank_model(const Decomposed& fit, const TableRows& Y) {
  if (fit.rank == 0) throw std::invalid_argument("low_rank_model: the fit is of rank 0, expected 1 or more");
  constexpr double most_outliers = 0.999;
  LowRankModel model{fit.R, fit.noise_scale, fit.outlier_cut, std::min(fit.outlier_fraction, most_outliers), Y.rows, {}, {}};
  const Index rank = fit.R.cols();
  model.moments = Matrix::Zero(Y.cols, packed_size(rank));
  model.col_unit = fit.col_unit;
  if (!fit.row_unit.isOnes(0)) model.zero_row_unit = fit.zero_row_unit;
  Matrix C = fit.L;
  if (model.zero_row_unit > 0 || !fit.col_unit.isOnes(0)) {
    // Balanced where entries are divided: small columns count there as much as large ones.
    const Svd divided =
        product_svd(fit.row_unit.cwiseInverse().asDiagonal() * fit.L, fit.col_unit.cwiseInverse().asDiagonal() * fit.R);
    robust_pca::TableFactors balanced = robust_pca::balanced(divided, rank);
    C = std::move(balanced.L);
    model.V = std::move(balanced.R);
  }
  each_row(Y, [&](Index i, const double* row) {
    for (Index j = 0; j < Y.cols; ++j)
      if (!std::isnan(row[j]) && !fit.outliers[static_cast<std::size_t>(i * Y.cols + j)])
        add_outer(C.row(i).data(), rank, model.moments.row(j).data());
  });
  return model;
}

LowRankModel low_rank_model(const Completed& fit, const Ratings& data) {
  const bool low_rank = fit.method == "pursuit" || fit.method == "inductive";
  if (!low_rank || fit.rank == 0)
    throw std::invalid_argument("low_rank_model: expected a fit by pursuit or inductive, of rank 1 or more");
  constexpr double noise_scales = 3, exact_cut = 1e-5, most_outliers = 0.999;
  const double size = root_mean_square(data.value);
  const bool exact = fit.noise_scale <= completing::exact_share * size;
  LowRankModel model{
      fit.col.factor, fit.noise_scale, exact ? exact_cut * size : noise_scales * fit.noise_scale, 0, data.rows, {}, {}};
  model.col_unit = Vector::Ones(data.cols);
  model.moments = Matrix::Zero(data.cols, packed_size(model.V.cols()));
  double outliers = 0;
  for (std::size_t e = 0; e < data.value.size(); ++e) {
    if (std::abs(fit.residuals[e]) > model.cut)
      outliers += 1;
    else
      add_outer(fit.row.factor.row(data.i[e]).data(), model.V.cols(), model.moments.row(data.j[e]).data());
  }
  model.outlier_share = std::min(outliers / static_cast<double>(data.value.size()), most_outliers);
  return model;
}

LowRankModel fold_in(LowRankModel model, const TableRows& Y, const Applied& applied) {
  const Index n = model.V.rows(), rank = model.V.cols();
  if (Y.cols != n || Y.rows != applied.C.rows())
    throw std::invalid_argument("fold_in: Y is not the table that the model was applied to");
  Matrix moved = Matrix::Zero(n, rank);  // of column j, the sum of y c
  for (Index j = 0; j < n; ++j)
    moved.row(j) = (unpacked(model.moments.row(j).data(), rank) * model.V.row(j).transpose()).transpose();
  Index taken = 0, entries = 0, outliers = 0;
  each_row(Y, [&](Index i, const double* row) {
    const AppliedRow& judged = applied.rows[static_cast<std::size_t>(i)];
    if (judged.fit != RowFit::fitted) return;
    ++taken;
    entries += judged.observed;
    outliers += judged.outliers;
    const double unit = row_unit(model, row);
    const Eigen::RowVectorXd c = applied.C.row(i) / unit;
    for (Index j = 0; j < n; ++j) {
      if (std::isnan(row[j]) || applied.outliers[static_cast<std::size_t>(i * n + j)]) continue;
      add_outer(c.data(), rank, model.moments.row(j).data());
      moved.row(j) += row[j] / (unit * model.col_unit(j)) * c;
    }
  });
  for (Index j = 0; j < n; ++j) {
    const Eigen::MatrixXd gram = unpacked(model.moments.row(j).data(), rank);
    const Eigen::LDLT<Eigen::MatrixXd> factored(gram);
    // A column whose honest entries do not fix it keeps the row of V that it has.
    if (factored.info() == Eigen::Success && factored.isPositive() && factored.rcond() > 1e-14)
      model.V.row(j) = factored.solve(moved.row(j).transpose()).transpose();
  }
  if (entries > 0) {
    // The share over all rows, each seen row counted for as many entries as a new one has.
    const double before = static_cast<double>(model.rows_seen) * static_cast<double>(entries) / static_cast<double>(taken);
    model.outlier_share =
        (model.outlier_share * before + static_cast<double>(outliers)) / (before + static_cast<double>(entries));
  }
  model.rows_seen += taken;
  return model;
}

}  // namespace gossan
