#include <algorithm>
#include <cmath>
#include <limits>

#include "recover/complete/recipes.hpp"
#include "recover/complete/ridge.hpp"
#include "recover/shared/binomial.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::completing {
namespace {

constexpr double trusted_size = 3;  // residuals up to so many robust scales count in full
constexpr double level_cut = 0.5, size_cut = 0.25;

// At least 1e-9 of the values, which is what exact equations are met to.
double scale_of_residuals(const std::vector<double>& residuals, const std::vector<double>& values) {
  return std::max(median_scale(sizes_of(residuals)), 1e-9 * root_mean_square(values));
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

void flag_entries(const EntryModel& model, const Ratings& data, EntryFlags& flags) {
  const std::size_t n = data.value.size();
  const bool by_levels = !model.score_thresholds.empty();
  flags.outlier_cut = by_levels ? level_cut : size_cut;
  if (!by_levels) {
    flags.reliability.assign(n, 1);
    for (std::size_t e = 0; e < n; ++e) {
      const double size = std::abs(flags.residuals[e]), most = trusted_size * model.residual_scale;
      if (size > most) flags.reliability[e] = std::pow(most / size, 2);
    }
  }
  flags.outliers.assign(n, false);
  for (std::size_t e = 0; e < n; ++e) flags.outliers[e] = !(flags.reliability[e] >= flags.outlier_cut);
}

void flag_rows(const Ratings& data, double share, EntryFlags& flags) {
  Vector flagged = Vector::Zero(data.rows), count = Vector::Zero(data.rows);
  for (std::size_t e = 0; e < data.value.size(); ++e) {
    flagged(data.i[e]) += flags.outliers[e] ? 1 : 0;
    count(data.i[e]) += 1;
  }
  flags.row_flags = flagged.cwiseQuotient(count.cwiseMax(1));
  flags.flagged_rows.assign(static_cast<std::size_t>(data.rows), false);
  const auto rows = static_cast<double>((count.array() > 0).count());
  constexpr double chance = 0.01;  // of a single false alarm among all rows
  constexpr double fewest = 2;
  for (Index a = 0; a < data.rows; ++a) {
    if (flagged(a) < fewest) continue;
    // So many flagged or more, which is so few of the others or less.
    const double p = binomial_tail(static_cast<Index>(count(a) - flagged(a)), static_cast<Index>(count(a)), 1 - share);
    flags.flagged_rows[static_cast<std::size_t>(a)] = p < chance / rows;
  }
}

std::vector<double> residuals_of(const EntryModel& model, const Ratings& data) {
  std::vector<double> mean(data.value.size()), sd(mean.size());
  predict(model, data.i, data.j, mean, sd);
  for (std::size_t e = 0; e < mean.size(); ++e) mean[e] = data.value[e] - mean[e];
  return mean;
}

void flag(const Problem& problem, Completed& answer) {
  const Ratings& data = problem.data;
  answer.residuals = residuals_of(answer, data);
  answer.residual_scale = scale_of_residuals(answer.residuals, data.value);
  flag_entries(answer, data, answer);
  answer.outlier_fraction = share_marked(answer.outliers);
  flag_rows(data, answer.outlier_fraction, answer);
}

}  // namespace gossan::completing
