#include "recover/complete/variational.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "gossan/random.hpp"
#include "recover/shared/packed.hpp"

namespace gossan::completing {
namespace {

Posterior first_posterior(Index n, Index R, const Random& random) {
  constexpr double spread = 0.1, variance = 0.01;
  Posterior posterior{Matrix::Zero(n, R + 1), Matrix::Zero(n, packed_size(R + 1))};
  posterior.mean.leftCols(R) = spread * normal_matrix(n, R, random);
  for (Index k = 0; k <= R; ++k) posterior.covariance.col(packed(k, k)).setConstant(variance);
  return posterior;
}

void append(Params& all, const std::string& prefix, const Params& blocks) {
  for (const Block& each : blocks) all.push_back({prefix + each.name, each.value});
}

constexpr std::size_t prior_blocks = 3;

Params take(const Params& state, std::size_t from, std::size_t count) {
  return {state.begin() + static_cast<std::ptrdiff_t>(from), state.begin() + static_cast<std::ptrdiff_t>(from + count)};
}

}  // namespace

void Bilinear::rescale(double by) {
  Vector d = Vector::Constant(rank() + 1, std::sqrt(by));
  d(rank()) = by;
  for (BilinearSide* side : {&row, &col}) {
    side->posterior.rescale(d);
    side->prior.rescale(d);
    moments(side->posterior, side->moment);
  }
}

Bilinear random_start(const Features& features, Index rank, std::uint64_t seed) {
  Bilinear fit;
  fit.row.posterior = first_posterior(features.rows.rows(), rank, Random(seed, 501));
  fit.col.posterior = first_posterior(features.cols.rows(), rank, Random(seed, 502));
  fit.row.prior = Prior(features.rows, rank + 1);
  fit.col.prior = Prior(features.cols, rank + 1);
  moments(fit.row.posterior, fit.row.moment);
  moments(fit.col.posterior, fit.col.moment);
  return fit;
}

Vector show(const Entries& entries, const Bilinear& fit, Noise& noise) {
  const Grouped& side = entries.by_row;
  const Index block = row_block(side.count());
  Matrix sums = Matrix::Zero(block_count(side.count(), block), Noise::sums);
  parallel_blocks(side.count(), block, [&](Index b, Index from, Index to) {
    const Index first = side.start[static_cast<std::size_t>(from)], last = side.start[static_cast<std::size_t>(to)];
    std::vector<double> mean(static_cast<std::size_t>(last - first)), variance(mean.size());
    predict_rows(side, fit.row.posterior, fit.col.moment, from, to, mean.data(), variance.data());
    noise.see(first, last, mean.data(), variance.data(), sums.data() + b * Noise::sums);
  });
  Vector total = Vector::Zero(Noise::sums);
  for (Index b = 0; b < sums.rows(); ++b) total += sums.row(b).transpose();
  return total;
}

double Sweeps::look() { return noise_.learn(show(entries_, fit_, noise_), fit_); }

Iterate Sweeps::step() {
  const bool learn = k_ >= warm_;
  update_rows(entries_.by_row, fit_.col.moment, noise_.fitted(), fit_.row.prior.view(), fit_.row.posterior);
  fit_.row.prior.update(fit_.row.posterior, learn);
  moments(fit_.row.posterior, fit_.row.moment);
  update_rows(entries_.by_col, fit_.row.moment, noise_.fitted(), fit_.col.prior.view(), fit_.col.posterior);
  fit_.col.prior.update(fit_.col.posterior, learn);
  moments(fit_.col.posterior, fit_.col.moment);
  ++k_;
  const double f = look();
  const double change = k_ == 1 ? 1 : std::abs(f - before_) / std::max(std::abs(f), 1e-300);
  before_ = f;
  return {.k = k_, .f = f, .step = 1, .change = change};
}

Params Sweeps::state() const {
  Params all = {{"row_mean", fit_.row.posterior.mean},
                {"row_covariance", fit_.row.posterior.covariance},
                {"col_mean", fit_.col.posterior.mean},
                {"col_covariance", fit_.col.posterior.covariance},
                {"sweep", Matrix::Constant(1, 2, static_cast<double>(k_))}};
  all.back().value(0, 1) = before_;
  append(all, "row_", fit_.row.prior.state());
  append(all, "col_", fit_.col.prior.state());
  append(all, "noise_", noise_.state());
  return all;
}

void Sweeps::restore(const Params& state) {
  fit_.row.posterior = {state[0].value, state[1].value};
  fit_.col.posterior = {state[2].value, state[3].value};
  k_ = static_cast<Index>(state[4].value(0, 0));
  before_ = state[4].value(0, 1);
  fit_.row.prior.restore(take(state, 5, prior_blocks));
  fit_.col.prior.restore(take(state, 5 + prior_blocks, prior_blocks));
  noise_.restore(take(state, 5 + 2 * prior_blocks, state.size() - 5 - 2 * prior_blocks));
  moments(fit_.row.posterior, fit_.row.moment);
  moments(fit_.col.posterior, fit_.col.moment);
}

}  // namespace gossan::completing
