#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/linalg.hpp"
#include "recover/binomial.hpp"
#include "recover/complete/recipes.hpp"

namespace gossan::completing {
namespace {

constexpr double trusted_size = 3;  // residuals up to so many robust scales count in full
constexpr double level_cut = 0.5, size_cut = 0.25;

void rate_by_size(Completed& answer, double floor) {
  std::vector<double> size = answer.residuals;
  for (double& each : size) each = std::abs(each);
  const double scale = std::max(median(size) / normal_median, floor);
  for (std::size_t e = 0; e < size.size(); ++e)
    answer.reliability[e] = size[e] <= trusted_size * scale ? 1 : std::pow(trusted_size * scale / size[e], 2);
}

}  // namespace

void flag_nothing(const Ratings& data, Completed& answer) {
  const std::size_t n = data.value.size();
  answer.residuals.assign(n, std::numeric_limits<double>::quiet_NaN());
  answer.reliability.assign(n, 1);
  answer.outliers.assign(n, false);
  answer.row_flags = Vector::Zero(data.rows);
  answer.flagged_rows.assign(static_cast<std::size_t>(data.rows), false);
}

void flag(const Problem& problem, Completed& answer) {
  const Ratings& data = problem.data;
  const std::size_t n = data.value.size();
  answer.residuals.resize(n);
  std::vector<double> mean(n), sd(n);
  predict(answer, data.i, data.j, mean, sd);
  double square = 0;
  for (std::size_t e = 0; e < n; ++e) {
    answer.residuals[e] = data.value[e] - mean[e];
    square += data.value[e] * data.value[e];
  }
  const bool by_levels = answer.reliability.size() == n && !std::isnan(answer.random_share);
  if (!by_levels) {
    answer.reliability.assign(n, 1);
    rate_by_size(answer, 1e-9 * std::sqrt(square / static_cast<double>(n)));
  }
  answer.outlier_cut = by_levels ? level_cut : size_cut;
  answer.outliers.assign(n, false);
  Vector flagged = Vector::Zero(data.rows), count = Vector::Zero(data.rows);
  for (std::size_t e = 0; e < n; ++e) {
    answer.outliers[e] = !(answer.reliability[e] >= answer.outlier_cut);
    flagged(data.i[e]) += answer.outliers[e] ? 1 : 0;
    count(data.i[e]) += 1;
  }
  answer.outlier_fraction = flagged.sum() / static_cast<double>(n);
  answer.row_flags = flagged.cwiseQuotient(count.cwiseMax(1));
  answer.flagged_rows.assign(static_cast<std::size_t>(data.rows), false);
  constexpr double chance = 0.01;  // of a single false alarm among all rows
  constexpr double fewest = 2;
  for (Index a = 0; a < data.rows; ++a) {
    if (flagged(a) < fewest) continue;
    // So many flagged or more, which is so few of the others or less.
    const double p =
        binomial_tail(static_cast<Index>(count(a) - flagged(a)), static_cast<Index>(count(a)), 1 - answer.outlier_fraction);
    answer.flagged_rows[static_cast<std::size_t>(a)] = p < chance / static_cast<double>(data.rows);
  }
}

}  // namespace gossan::completing
