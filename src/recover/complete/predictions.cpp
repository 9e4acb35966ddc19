#include "recover/complete/predictions.hpp"

#include <utility>

#include "recover/shared/packed.hpp"

namespace gossan::completing {

Predictions predictions(const Entries& entries, const Bilinear& fit) {
  const Grouped& side = entries.by_row;
  Predictions all{std::vector<double>(entries.value.size()), std::vector<double>(entries.value.size())};
  parallel_blocks(side.count(), row_block(side.count()), [&](Index, Index from, Index to) {
    const Index first = side.start[static_cast<std::size_t>(from)];
    predict_rows(side, fit.row.posterior, fit.col.moment, from, to, all.mean.data() + first, all.variance.data() + first);
  });
  return all;
}

RowFactors to_factors(const Posterior& posterior) {
  const Index R = posterior.rank();
  return {posterior.mean.leftCols(R), posterior.mean.col(R), posterior.covariance};
}

Posterior to_posterior(const RowFactors& rows) {
  Matrix mean(rows.factor.rows(), rows.factor.cols() + 1);
  mean << rows.factor, rows.bias;
  return {std::move(mean), rows.covariance};
}

RowFactors average_row(const Posterior& posterior) {
  const Index R = posterior.rank();
  const Vector mean = posterior.mean.colwise().mean();
  Matrix covariance = posterior.covariance.colwise().mean();
  const auto n = static_cast<double>(posterior.count());
  const Matrix centred = posterior.mean.rowwise() - mean.transpose();
  const Matrix spread = centred.transpose() * centred / n;
  for (Index k = 0; k <= R; ++k) {
    for (Index l = 0; l <= k; ++l) covariance(0, packed(k, l)) += spread(k, l);
  }
  return {mean.head(R).transpose(), mean.tail(1), covariance};
}

}  // namespace gossan::completing
