#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "gossan/generate.hpp"
#include "gossan/random.hpp"

namespace gossan {
namespace {

// Bernoulli(q) over the places 0, 1, ... of a matrix by its gaps, which are geometric: one number an entry that is seen.
void choose_places(const GenerateRatingsOptions& options, Ratings& ratings) {
  const Random gaps(options.seed, 161);
  const Index places = options.rows * options.cols;
  const double log_rest = std::log1p(-options.observed);
  Index at = -1;
  for (Index k = 0;; ++k) {
    const double gap = options.observed >= 1 ? 0 : std::floor(std::log(gaps.uniform(k)) / log_rest);
    if (gap >= static_cast<double>(places - at - 1)) break;
    at += 1 + static_cast<Index>(gap);
    ratings.i.push_back(at / options.cols);
    ratings.j.push_back(at % options.cols);
  }
}

double rounded(double score, Index levels) {
  return levels == 0 ? score : std::clamp(std::round(score), 1.0, static_cast<double>(levels));
}

}  // namespace

Fields GenerateRatingsOptions::fields() {
  return {
      {.name = "rows", .value = &rows, .help = "rows, such as users", .least = 1, .most = 1e8},
      {.name = "cols", .value = &cols, .help = "columns, such as films", .least = 1, .most = 1e8},
      {.name = "rank", .value = &rank, .help = "components of the taste", .least = 0, .most = 1000},
      {.name = "observed", .value = &observed, .help = "chance of every place to be rated", .least = 0, .most = 1, .above = true},
      {.name = "levels",
       .value = &levels,
       .help = "ratings are 1 .. levels; 0: numbers that are not rounded",
       .least = 0,
       .most = 100},
      {.name = "bias",
       .value = &bias,
       .help = "standard deviation of the effects of rows, and of columns",
       .least = 0,
       .most = 1e6},
      {.name = "taste", .value = &taste, .help = "standard deviation of the low-rank part", .least = 0, .most = 1e6},
      {.name = "noise", .value = &noise, .help = "standard deviation of a rating before it is rounded", .least = 0, .most = 1e6},
      {.name = "random", .value = &random, .help = "share of ratings drawn at random", .least = 0, .most = 1},
      {.name = "reversed", .value = &reversed, .help = "share of ratings turned round", .least = 0, .most = 1},
      seed_field(&seed),
  };
}

double GeneratedRatings::expected(Index i, Index j) const {
  return centre + row_bias(i) + col_bias(j) + row_factors.row(i).dot(col_factors.row(j));
}

GeneratedRatings generate_ratings(GenerateRatingsOptions options) {
  check(options.fields(), "ratings");
  if (options.levels == 1) throw std::invalid_argument("ratings: levels is 1, expected 0 (not rounded) or at least 2");
  if (options.random + options.reversed > 1)
    throw std::invalid_argument(
        fmt::format("ratings: random {} and reversed {} add up to more than 1", options.random, options.reversed));
  GeneratedRatings made;
  made.centre = options.levels == 0 ? 0 : 0.5 * static_cast<double>(options.levels + 1);
  const double root = std::sqrt(options.taste / std::sqrt(static_cast<double>(std::max<Index>(options.rank, 1))));
  made.row_factors = root * normal_matrix(options.rows, options.rank, Random(options.seed, 162));
  made.col_factors = root * normal_matrix(options.cols, options.rank, Random(options.seed, 163));
  made.row_bias = options.bias * normal_matrix(options.rows, 1, Random(options.seed, 164));
  made.col_bias = options.bias * normal_matrix(options.cols, 1, Random(options.seed, 165));
  Ratings& ratings = made.ratings;
  ratings.rows = options.rows, ratings.cols = options.cols;
  choose_places(options, ratings);
  const Random noise(options.seed, 166), kind(options.seed, 167), level(options.seed, 168);
  const std::size_t n = ratings.i.size();
  ratings.value.resize(n);
  made.bad.assign(n, false);
  const double reach = options.levels == 0 ? 3 * std::hypot(options.taste, options.noise, std::sqrt(2) * options.bias) : 0;
  for (std::size_t e = 0; e < n; ++e) {
    const auto k = static_cast<Index>(e);
    double value = rounded(made.expected(ratings.i[e], ratings.j[e]) + options.noise * noise.normal(k), options.levels);
    const double fate = kind.uniform(k);
    made.bad[e] = fate < options.random + options.reversed;
    if (fate < options.random)
      value = options.levels == 0 ? reach * (2 * level.uniform(k) - 1) : 1 + static_cast<double>(level.below(k, options.levels));
    else if (made.bad[e])
      value = 2 * made.centre - value;
    ratings.value[e] = value;
  }
  return made;
}

}  // namespace gossan
