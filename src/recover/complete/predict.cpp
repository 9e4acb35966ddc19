#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "gossan/complete.hpp"
#include "gossan/linalg.hpp"
#include "recover/complete/normal.hpp"
#include "recover/complete/posterior.hpp"
#include "recover/shared/packed.hpp"

namespace gossan {
namespace {

using completing::normal_at;

// Variance of <f, g> + b + c for independent [f, b] and [g, c]:
// <C_f, g g^T> + <C_g, f f^T> + <C_f, C_g> and the terms of the biases. No difference of large numbers is taken.
double variance_of(const RowFactors& row, Index i, const RowFactors& col, Index j) {
  const Index R = row.factor.cols();
  const double* C = row.covariance.data() + i * row.covariance.cols();
  const double* D = col.covariance.data() + j * col.covariance.cols();
  const double* f = row.factor.data() + i * R;
  const double* g = col.factor.data() + j * R;
  double sum = C[packed(R, R)] + D[packed(R, R)];
  for (Index k = 0; k < R; ++k) {
    for (Index l = 0; l <= k; ++l) {
      const double c = C[packed(k, l)], d = D[packed(k, l)];
      sum += (k == l ? 1 : 2) * (c * (g[k] * g[l] + d) + d * f[k] * f[l]);
    }
    sum += 2 * (C[packed(R, k)] * g[k] + D[packed(R, k)] * f[k]);
  }
  return std::max(sum, 0.0);
}

void expect_level(const EntryModel& model, double score, double spread, double& mean, double& sd) {
  double before = 0, first = 0, second = 0;
  for (std::size_t k = 0; k < model.levels.size(); ++k) {
    const bool last = k == model.thresholds.size();
    const double below = last ? 1 : normal_at((model.thresholds[k] - score) / spread).cumulative;
    first += (below - before) * model.levels[k];
    second += (below - before) * model.levels[k] * model.levels[k];
    before = below;
  }
  mean = first;
  sd = std::sqrt(std::max(second - first * first, 0.0));
}

void check_index(Index index, Index count, const char* what) {
  if (index < -1 || index >= count)
    throw std::invalid_argument(fmt::format("predict: {} is {}, expected -1 (unknown) to {}", what, index, count - 1));
}

}  // namespace

void predict(const EntryModel& model, std::span<const Index> i, std::span<const Index> j, std::span<double> mean,
             std::span<double> sd) {
  if (j.size() != i.size() || mean.size() != i.size() || sd.size() != i.size())
    throw std::invalid_argument(fmt::format("predict: i, j, mean, sd have {}, {}, {}, {} entries, expected the same number",
                                            i.size(), j.size(), mean.size(), sd.size()));
  for (std::size_t e = 0; e < i.size(); ++e) {
    check_index(i[e], model.rows, "row");
    check_index(j[e], model.cols, "column");
  }
  const bool ordinal = !model.thresholds.empty();
  parallel_blocks(static_cast<Index>(i.size()), 4096, [&](Index, Index first, Index last) {
    for (Index e = first; e < last; ++e) {
      const auto at = static_cast<std::size_t>(e);
      const RowFactors& row = i[at] < 0 ? model.row_unknown : model.row;
      const RowFactors& col = j[at] < 0 ? model.col_unknown : model.col;
      const Index a = std::max<Index>(i[at], 0), b = std::max<Index>(j[at], 0);
      const double score = model.mean + row.factor.row(a).dot(col.factor.row(b)) + row.bias(a) + col.bias(b);
      const double spread = std::sqrt(model.noise_scale * model.noise_scale + variance_of(row, a, col, b));
      if (ordinal) {
        expect_level(model, score, spread, mean[at], sd[at]);
      } else {
        mean[at] = model.levels.empty() ? score : std::clamp(score, model.least, model.most);
        sd[at] = spread;
      }
      sd[at] *= model.sd_scale;
    }
  });
}

}  // namespace gossan
