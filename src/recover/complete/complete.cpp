#include "gossan/complete.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "recover/complete/recipes.hpp"
#include "recover/complete/ridge.hpp"
#include "recover/shared/checkpoint_file.hpp"
#include "recover/shared/option_fields.hpp"

namespace gossan {
namespace completing {

Levels find_levels(const std::vector<double>& values) {
  Levels levels;
  for (const double y : values) {
    const auto at = std::lower_bound(levels.value.begin(), levels.value.end(), y);
    if (at != levels.value.end() && *at == y) continue;
    levels.value.insert(at, y);
    if (levels.value.size() > most_levels) return {};
  }
  levels.of.resize(values.size());
  for (std::size_t e = 0; e < values.size(); ++e)
    levels.of[e] =
        static_cast<std::uint8_t>(std::lower_bound(levels.value.begin(), levels.value.end(), values[e]) - levels.value.begin());
  return levels;
}

namespace {

void check_side(const Matrix& side, Index count, const char* what) {
  if (side.size() == 0) return;
  if (side.rows() != count)
    throw std::invalid_argument(
        fmt::format("complete: {} features have {} rows, expected {}, one a {}", what, side.rows(), count, what));
  if (!side.allFinite()) throw std::invalid_argument(fmt::format("complete: {} features have numbers that are not finite", what));
}

Settings problem_of(const Ratings& data, CompleteOptions options, const SideInformation& side) {
  Settings problem = {{"matrix", fmt::format("{} x {} from {} entries", data.rows, data.cols, data.value.size())}};
  append_values(problem, options.fields());
  problem.emplace_back("instructions", simd_level());
  const std::vector<double> i(data.i.begin(), data.i.end()), j(data.j.begin(), data.j.end());
  problem.emplace_back("values", checksum(data.value));
  problem.emplace_back("places", checksum(i) + checksum(j));
  problem.emplace_back("row features", checksum_of(side.rows));
  problem.emplace_back("column features", checksum_of(side.cols));
  return problem;
}

// Nearly exact: noise of this share of the values' spread. Then no model of ratings can be better.
constexpr double nearly_exact = 0.02;
// What the pursuit must be beaten by, for it is the simpler model.
constexpr double clearly_better = 0.97;

// Many values: a low-rank matrix with little noise, unless the model of ratings predicts the held-out entries better.
void choose_for_many_values(const Problem& problem, Course& course, Completed& answer) {
  const double spread = spread_of(problem.data.value);
  const auto is_settled = [&](const Completed& found) {
    constexpr double enough = 1.2;  // entries an unknown
    const bool overdetermined = static_cast<double>(problem.data.value.size()) > enough * found.unknowns;
    return course.status() != Status::converged || found.holdout_error <= nearly_exact * spread ||
           (overdetermined && found.noise_scale <= exact_share * spread);
  };
  const bool held = !problem.heldout.value.empty();
  if (held && (problem.side.rows.size() > 0 || problem.side.cols.size() > 0)) {
    Completed inductive = answer;
    complete_low_rank(problem, course, inductive, spans_of(problem.side));
    if (is_settled(inductive)) {
      answer = std::move(inductive);
      answer.choices.emplace_back("model",
                                  "inductive: more than 20 distinct values, which a matrix within the features predicts");
      return;
    }
  }
  Completed low_rank = answer;
  complete_low_rank(problem, course, low_rank, {});
  if (!held || is_settled(low_rank)) {
    answer = std::move(low_rank);
    answer.choices.emplace_back("model", "low rank: more than 20 distinct values, which it predicts");
    return;
  }
  Completed ratings = answer;
  complete_ratings(problem, course, ratings);
  const bool better = ratings.holdout_error < clearly_better * low_rank.holdout_error;
  const std::string why = fmt::format("held-out error {:.4g} of ratings with biases, {:.4g} of low rank alone",
                                      ratings.holdout_error, low_rank.holdout_error);
  answer = better ? std::move(ratings) : std::move(low_rank);
  answer.choices.emplace_back("model", (better ? "ratings: " : "low rank: ") + why);
}

}  // namespace
}  // namespace completing

Fields CompleteOptions::fields() {
  return {
      {.name = "method",
       .value = &method,
       .help = "student-t or ordinal: ratings, with biases and bad ones among them; pursuit: exact or nearly exact entries; "
               "inductive: the same within the spans of the features; auto: by "
               "the data",
       .choices = {"auto", "student-t", "ordinal", "pursuit", "inductive"}},
      {.name = "rank", .value = &rank, .help = "at most; 0: 8 for ratings, 30 for pursuit", .least = 0, .most = 60},
      holdout_field(&holdout, "entries", 0.01),
      seed_field(&seed),
  };
}

Completed complete(const Ratings& data, CompleteOptions options, const SideInformation& side, const Watch& watch) {
  using namespace completing;
  check(options.fields(), "complete");
  check_entries(data);
  check_side(side.rows, data.rows, "row");
  check_side(side.cols, data.cols, "column");
  const Levels levels = find_levels(data.value);
  if (options.method == "ordinal" && !levels.few())
    throw std::invalid_argument(
        fmt::format("complete: method ordinal wants between 2 and {} distinct values", completing::most_levels));
  const Heldout heldout = hold_out(data, options.holdout, options.seed);
  const Problem problem{data, options, side, heldout, levels};
  Completed answer;
  answer.rows = data.rows, answer.cols = data.cols;
  answer.levels = levels.value;
  answer.least = *std::min_element(data.value.begin(), data.value.end());
  answer.most = *std::max_element(data.value.begin(), data.value.end());
  History history;
  Course course(watch, history, watch.checkpoint.file.empty() ? Settings() : problem_of(data, options, side));
  const bool many = levels.value.empty();
  if (options.method == "inductive" && side.rows.size() == 0 && side.cols.size() == 0)
    throw std::invalid_argument("complete: method inductive wants features of the rows, of the columns, or both");
  if (options.method == "pursuit") {
    answer.levels.clear();
    complete_low_rank(problem, course, answer, {});
  } else if (options.method == "inductive") {
    answer.levels.clear();
    complete_low_rank(problem, course, answer, spans_of(side));
  } else if (options.method == "auto" && many) {
    choose_for_many_values(problem, course, answer);
  } else {
    complete_ratings(problem, course, answer);
    if (options.method == "auto")
      answer.choices.emplace_back("model", fmt::format("ratings: {} distinct values", levels.value.size()));
  }
  answer.history = std::move(history);
  answer.status = course.status();
  answer.message = course.message();
  if (!course.file().trouble().empty()) answer.choices.emplace_back("checkpoint not written", course.file().trouble());
  answer.iterations = answer.sweeps = course.steps();
  const std::vector<double> by_means = bias_errors(data, heldout);
  answer.bias_error = trimmed_rms(by_means, 1);
  answer.bias_trimmed = trimmed_rms(by_means, answer.holdout_kept);
  const bool finite = answer.row.factor.allFinite() && answer.col.factor.allFinite() && std::isfinite(answer.noise_scale);
  if (!finite) {
    flag_nothing(data, answer);
  } else {
    flag(problem, answer);
    answer.training_error =
        std::sqrt(Eigen::Map<const Vector>(answer.residuals.data(), static_cast<Index>(data.value.size())).squaredNorm() /
                  static_cast<double>(data.value.size()));
  }
  answer.evidence = weigh(problem, answer);
  return answer;
}

}  // namespace gossan
