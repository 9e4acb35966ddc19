// The archive holds `gossan_ratings_model`, the number of the format; posteriors of rows and columns; the rows' prior; the law of
// the noise; what tells honest ratings from others; and the names of rows and columns (docs/apply.md).
#include "recover/apply/ratings_model_file.hpp"

#include <fmt/format.h>

#include <limits>

#include "recover/complete/predictions.hpp"
#include "recover/complete/recipes.hpp"
#include "recover/shared/packed.hpp"

namespace gossan {
namespace completing {
namespace {

constexpr double ratings_format = 1;
constexpr double largest = 1e300;

Posterior read_posterior(const ModelReader& read, const std::string& side, Index K) {
  Posterior posterior{read.matrix(side + "_mean"), {}};
  const Index n = posterior.count();
  if (n < 1 || posterior.mean.cols() != K)
    read.refuse(side + "_mean", fmt::format("has the shape {} x {}, expected a row of {} numbers for each {}", n,
                                            posterior.mean.cols(), K, side));
  posterior.covariance = read.matrix(side + "_covariance", n, packed_size(K));
  Matrix inverse;
  const Index bad = invert_each(posterior.covariance, K, inverse);
  if (bad >= 0 || !inverse.allFinite())
    read.refuse(side + "_covariance", fmt::format("is of no normal distribution in row {}", std::max<Index>(bad, 0)));
  return posterior;
}

RowPrior read_row_prior(const ModelReader& read, Index cols, Index K) {
  RowPrior prior{read.vector("prior_constant", K), read.vector("prior_variance", K), read.matrix("prior_weights"), {}, {}, {}};
  const Index f = prior.weights.rows();
  if (f < 1 || prior.weights.cols() != K)
    read.refuse("prior_weights", fmt::format("has the shape {} x {}, expected {} columns", f, prior.weights.cols(), K));
  prior.by_column = read.matrix("prior_by_column", cols, f - 1);
  prior.lowest = read.vector("prior_lowest", f), prior.highest = read.vector("prior_highest", f);
  if ((prior.highest - prior.lowest).minCoeff() < 0) read.refuse("prior_highest", "is below prior_lowest");
  constexpr double least_variance = 1e-290;
  if (prior.variance.minCoeff() < least_variance)
    read.refuse("prior_variance", fmt::format("holds {}, expected positive numbers", prior.variance.minCoeff()));
  return prior;
}

// One less than levels, or, where `optional`, none.
std::vector<double> read_thresholds(const ModelReader& read, const std::string& member, std::size_t levels, bool optional) {
  std::vector<double> thresholds = read.ascending(member, false);
  const std::size_t expected = levels < 2 ? 0 : levels - 1;
  if (thresholds.size() != expected && !(optional && thresholds.empty()))
    read.refuse(member, fmt::format("holds {} numbers, expected {}", thresholds.size(), expected));
  return thresholds;
}

void read_noise(const ModelReader& read, EntryModel& model) {
  constexpr double least_scale = 1e-150, most_scale = 1e150;  // whose squares are numbers
  model.mean = read.number("mean", -largest, largest);
  model.noise_scale = read.number("noise_scale", least_scale, most_scale);
  model.sd_scale = read.number("sd_scale", 0, largest);
  model.levels = read.ascending("levels", true);
  if (model.levels.size() > most_levels)
    read.refuse("levels", fmt::format("holds {} numbers, expected at most {}", model.levels.size(), most_levels));
  model.thresholds = read_thresholds(read, "thresholds", model.levels.size(), true);
  const double nu = read.number("nu", 0, largest);
  const bool ordinal = !model.thresholds.empty();
  if (ordinal != (nu == 0)) read.refuse("nu", fmt::format("is {}, expected 0 where there are thresholds, and only there", nu));
  model.nu = ordinal ? std::numeric_limits<double>::infinity() : nu;
  model.least = read.number("least", -largest, largest);
  model.most = read.number("most", model.least, largest);
}

void read_flags(const ModelReader& read, EntryModel& model) {
  model.score_thresholds = read_thresholds(read, "score_thresholds", model.levels.size(), false);
  if (!model.score_thresholds.empty()) {
    model.random_share = read.number("random_share", 0, 1);
    model.reversed_share = read.number("reversed_share", 0, 1 - model.random_share);
    model.score_scale = read.number("score_scale", 0, largest);
  }
  model.residual_scale = read.number("residual_scale", 0, largest);
  model.outlier_fraction = read.number("outlier_fraction", 0, 1.0000001);
}

}  // namespace
}  // namespace completing

RatingsModel ratings_model_of(const ModelReader& read) {
  using namespace completing;
  read.demand_format(ratings_mark, ratings_format);
  RatingsModel model;
  const Index K = read.matrix("col_mean").cols();
  constexpr Index most_numbers = 61;  // of a row: complete's largest rank, and the bias
  if (K < 1 || K > most_numbers) read.refuse("col_mean", fmt::format("has {} columns, expected 1 to {}", K, most_numbers));
  const Posterior rows = read_posterior(read, "row", K), cols = read_posterior(read, "col", K);
  model.rows = rows.count(), model.cols = cols.count();
  model.row = to_factors(rows), model.col = to_factors(cols);
  model.row_unknown = average_row(rows), model.col_unknown = average_row(cols);
  model.row_prior = read_row_prior(read, model.cols, K);
  read_noise(read, model);
  read_flags(read, model);
  model.row_ids = read.names("row_ids", model.rows);
  model.col_ids = read.names("col_ids", model.cols);
  return model;
}

void write_model(const std::filesystem::path& file, const RatingsModel& model) {
  using namespace completing;
  if (model.row_prior.variance.size() == 0)
    throw std::invalid_argument("write_model: the model has no prior of its rows, expected one of ratings");
  if (std::ssize(model.row_ids) != model.rows || std::ssize(model.col_ids) != model.cols)
    throw std::invalid_argument(fmt::format("write_model: {} row ids and {} column ids, expected {} and {}", model.row_ids.size(),
                                            model.col_ids.size(), model.rows, model.cols));
  const bool few = !model.score_thresholds.empty();
  write_npz(file, {{ratings_mark, array_of(ratings_format)},
                   {"row_mean", array_of(to_posterior(model.row).mean)},
                   {"row_covariance", array_of(model.row.covariance)},
                   {"col_mean", array_of(to_posterior(model.col).mean)},
                   {"col_covariance", array_of(model.col.covariance)},
                   {"prior_constant", array_of(Matrix(model.row_prior.constant))},
                   {"prior_variance", array_of(Matrix(model.row_prior.variance))},
                   {"prior_weights", array_of(model.row_prior.weights)},
                   {"prior_by_column", array_of(model.row_prior.by_column)},
                   {"prior_lowest", array_of(Matrix(model.row_prior.lowest))},
                   {"prior_highest", array_of(Matrix(model.row_prior.highest))},
                   {"mean", array_of(model.mean)},
                   {"noise_scale", array_of(model.noise_scale)},
                   {"nu", array_of(model.thresholds.empty() ? model.nu : 0)},
                   {"sd_scale", array_of(model.sd_scale)},
                   {"levels", array_of(model.levels)},
                   {"thresholds", array_of(model.thresholds)},
                   {"least", array_of(model.least)},
                   {"most", array_of(model.most)},
                   {"random_share", array_of(few ? model.random_share : 0)},
                   {"reversed_share", array_of(few ? model.reversed_share : 0)},
                   {"score_scale", array_of(model.score_scale)},
                   {"score_thresholds", array_of(model.score_thresholds)},
                   {"residual_scale", array_of(model.residual_scale)},
                   {"outlier_fraction", array_of(model.outlier_fraction)},
                   {"row_ids", array_of_texts(model.row_ids)},
                   {"col_ids", array_of_texts(model.col_ids)}});
}

}  // namespace gossan
