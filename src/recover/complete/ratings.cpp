// Ratings: variational Bayes for factors and biases, priors regressed on who rated what, Student-t noise; where there are few
// levels and many of the ratings are random or reversed, an ordinal likelihood in its place.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include "recover/complete/left_out.hpp"
#include "recover/complete/normal.hpp"
#include "recover/complete/ordinal.hpp"
#include "recover/complete/recipes.hpp"
#include "recover/complete/student_t.hpp"

namespace gossan::completing {
namespace {

constexpr Index t_stage = Course::chapter, main_stage = t_stage + 1, whole_stage = t_stage + 2;
constexpr Index warm_sweeps = 15;  // before the precisions of the priors are learnt, and the likelihood is chosen
constexpr Index t_sweeps = 40, ordinal_sweeps = 40, last_sweeps = 10;
// Shares of bad ratings from which the ordinal likelihood predicts better (measured on MovieLens-100K).
constexpr double most_reversed = 0.03, most_random = 0.28;

// What one stage hands to the next.
struct Learnt {
  bool ordinal = false;
  Scale scale{.random = 0, .reversed = 0};  // of the levels; without thresholds where there are none
  double mu = 0, variance = 1, nu = 5;
  double first_random = 0, first_reversed = 0;  // shares when the likelihood was chosen
  HeldoutError heldout;

  Params state() const {
    Matrix numbers(1, 13);
    numbers << (ordinal ? 1.0 : 0.0), mu, variance, nu, heldout.error, heldout.sd_scale,
        (std::isnan(heldout.coverage) ? -1 : heldout.coverage), scale.random, scale.reversed, first_random, first_reversed,
        heldout.keep, heldout.trimmed;
    const auto count = static_cast<Index>(scale.thresholds.size());
    return {{"learnt", numbers}, {"thresholds", Eigen::Map<const Matrix>(scale.thresholds.data(), count, 1)}};
  }
  void restore(const Params& state, const std::filesystem::path& file) {
    if (state.size() != 2 || state[0].value.size() != 13)
      bad_file(file, "state", "does not fit this run; the file was changed by hand");
    const Matrix& numbers = state[0].value;
    ordinal = numbers(0) != 0;
    mu = numbers(1), variance = numbers(2), nu = numbers(3);
    heldout = {numbers(4), numbers(11), numbers(12), numbers(5), numbers(6) < 0 ? std::nan("") : numbers(6)};
    scale.random = numbers(7), scale.reversed = numbers(8);
    first_random = numbers(9), first_reversed = numbers(10);
    if (!all_finite({{"thresholds", state[1].value}})) bad_file(file, "state", "has numbers that are not finite");
    scale.thresholds.assign(state[1].value.data(), state[1].value.data() + state[1].value.size());
  }
};

// Scores of the entries by all others, in units of the noise.
std::vector<double> left_out_scores(const Entries& entries, const Bilinear& fit, const StudentT& noise) {
  const Predictions all = predictions(entries, fit);
  const double sigma = std::sqrt(noise.variance());
  std::vector<double> x(all.mean.size());
  for (std::size_t e = 0; e < x.size(); ++e)
    x[e] = left_out(all.mean[e], all.variance[e], entries.value[e] - noise.mu(), noise.weights()[e] / noise.variance()) / sigma;
  return x;
}

// Thresholds at which a normal score of this spread would show the counts of the levels.
Scale first_scale(const std::vector<double>& x, const std::vector<std::uint8_t>& level, std::size_t levels) {
  std::vector<double> count(levels, 0);
  double square = 0;
  for (std::size_t e = 0; e < x.size(); ++e) count[level[e]] += 1, square += x[e] * x[e];
  const auto n = static_cast<double>(x.size());
  const double spread = std::sqrt(1 + square / n);
  Scale scale;
  double below = 0;
  for (std::size_t k = 0; k + 1 < levels; ++k) {
    below += count[k] / n;
    scale.thresholds.push_back(spread * normal_quantile(std::clamp(below, 1e-6, 1 - 1e-6)));
  }
  return scale;
}

void put(const StudentT& noise, double unit, Completed& answer) {
  answer.method = "student-t";
  answer.mean = unit * noise.mu();
  answer.noise_scale = unit * std::sqrt(noise.variance());
  answer.nu = noise.nu();
  answer.thresholds.clear();
}

void put(const Ordinal& noise, Completed& answer) {
  answer.method = "ordinal";
  answer.mean = 0;
  answer.noise_scale = 1;
  answer.nu = std::numeric_limits<double>::infinity();
  answer.thresholds = noise.scale().thresholds;
}

// Of a fit in this unit: factors of both sides share it, biases have it.
void put(Bilinear fit, double unit, Completed& answer) {
  Vector scale = Vector::Constant(fit.row.posterior.rank() + 1, std::sqrt(unit));
  scale.tail(1).setConstant(unit);
  fit.row.posterior.rescale(scale);
  fit.col.posterior.rescale(scale);
  answer.row = to_factors(fit.row.posterior), answer.col = to_factors(fit.col.posterior);
  answer.row_unknown = average_row(fit.row.posterior), answer.col_unknown = average_row(fit.col.posterior);
}

// What tells honest ratings from others.
void put(const Scale& scale, Completed& answer) {
  answer.random_share = scale.random, answer.reversed_share = scale.reversed;
  answer.score_scale = scale.a;
  answer.score_thresholds = scale.thresholds;
}

// Of the rows' prior in this unit; what is known beside who rated what is taken to be average.
void put(const Prior& prior, const MaskMap& map, double unit, Completed& answer) {
  const Index f = map.centre.size(), R = prior.alpha().size() - 1;
  Vector units = Vector::Constant(R + 1, std::sqrt(unit));
  units(R) = unit;
  Matrix W = map.inverse_size.asDiagonal() * prior.weights().topRows(f) * units.asDiagonal();
  Vector constant = -W.transpose() * map.centre;
  answer.row_prior = {
      std::move(constant), units.cwiseAbs2().cwiseQuotient(prior.alpha()), std::move(W), map.by_column, map.lowest, map.highest};
}

double unit_of(const std::vector<double>& values) {
  const double spread = spread_of(values);
  return spread > 0 && std::isfinite(spread) ? spread : 1;
}

Features features_of(const Entries& entries, const SideInformation& side) {
  Features features = mask_features(entries);
  if (side.rows.size() > 0) features.rows = beside(features.rows, standardised(side.rows));
  if (side.cols.size() > 0) features.cols = beside(features.cols, standardised(side.cols));
  return features;
}

class RatingsRecipe {
 public:
  RatingsRecipe(const Problem& problem, Course& course, Completed& answer)
      : problem_(problem), course_(course), answer_(answer) {}

  void run() {
    course_.show("who rated what", 0);
    Entries training = arrange(problem_.data, problem_.heldout.fitted);
    unit_ = unit_of(training.value);
    for (double& each : training.value) each /= unit_;
    Features features = features_of(training, problem_.side);
    const Index shorter = std::min(training.rows(), training.cols());
    constexpr Index usual_rank = 8;
    const Index rank = std::min(problem_.options.rank > 0 ? problem_.options.rank : usual_rank, shorter);
    fit_ = random_start(features, rank, problem_.options.seed);
    map_ = std::move(features.map);
    if (course_.is_past(t_stage)) learnt_.restore(course_.carried(t_stage), course_.file().name());
    const bool whole = first_stages(training) && problem_.heldout.value.empty();
    if (course_.status() != Status::converged || whole) return finish(training);
    Entries all = arrange(problem_.data);
    for (double& each : all.value) each /= unit_;
    last_stage(all);
    finish(all);
  }

 private:
  bool few() const { return problem_.levels.few(); }
  // Latent scores have no unit.
  double unit() const { return learnt_.ordinal ? 1 : unit_; }

  // On the entries that are not held out.
  bool first_stages(const Entries& training) {
    if (course_.is_past(main_stage)) return true;
    StudentT noise(training);
    Sweeps sweeps(training, fit_, noise, warm_sweeps);
    if (!course_.is_past(t_stage)) {
      if (!course_.drive(t_stage, "student-t", sweeps, 0, warm_sweeps, 0.02, 0.25, learnt_.state()))
        return end_stage(noise), false;
      choose(training, noise);
    }
    if (learnt_.ordinal) return ordinal_stage(training, noise);
    const bool done = course_.drive(main_stage, "student-t", sweeps, warm_sweeps, t_sweeps, 0.25, 0.8, learnt_.state());
    end_stage(noise);
    return done;
  }

  // At the end of stage 0: which likelihood goes on.
  void choose(const Entries& training, const StudentT& noise) {
    learnt_.mu = noise.mu(), learnt_.variance = noise.variance(), learnt_.nu = noise.nu();
    if (!few()) return;
    const std::vector<std::uint8_t> level = levels_of(training, problem_.levels);
    const std::vector<double> x = left_out_scores(training, fit_, noise);
    learnt_.scale = calibrate(tabulate_scores(x, level, static_cast<Index>(problem_.levels.value.size())),
                              first_scale(x, level, problem_.levels.value.size()));
    learnt_.first_random = learnt_.scale.random, learnt_.first_reversed = learnt_.scale.reversed;
    const std::string& method = problem_.options.method;
    const bool many = learnt_.scale.reversed > most_reversed || learnt_.scale.random > most_random;
    learnt_.ordinal = method == "ordinal" || (method == "auto" && many);
  }

  bool ordinal_stage(const Entries& training, const StudentT& before) {
    if (!course_.was_in(main_stage)) {
      fit_.rescale(learnt_.scale.a / std::sqrt(before.variance()));
      learnt_.scale.a = 1;
      learnt_.mu = 0;
    }
    Ordinal noise(training, levels_of(training, problem_.levels), learnt_.scale);
    Sweeps sweeps(training, fit_, noise, 0);
    sweeps.look();
    const bool done = course_.drive(main_stage, "ordinal", sweeps, 0, ordinal_sweeps, 0.25, 0.8, learnt_.state());
    put(noise, answer_);
    learnt_.scale = noise.scale();
    judge();
    return done;
  }

  void end_stage(const StudentT& noise) {
    learnt_.mu = noise.mu(), learnt_.variance = noise.variance(), learnt_.nu = noise.nu();
    put(noise, unit_, answer_);
    judge();
  }

  void judge() {
    put(fit_, unit(), answer_);
    learnt_.heldout = judge_heldout(answer_, problem_.heldout, 1 - learnt_.scale.random - learnt_.scale.reversed);
  }

  // The held-out entries are given back: a few sweeps on all.
  void last_stage(const Entries& all) {
    if (learnt_.ordinal) {
      Ordinal noise(all, levels_of(all, problem_.levels), learnt_.scale);
      Sweeps sweeps(all, fit_, noise, 0);
      sweeps.look();
      course_.drive(whole_stage, "all ratings", sweeps, 0, last_sweeps, 0.8, 1, learnt_.state());
      learnt_.scale = noise.scale();
      put(noise, answer_);
    } else {
      StudentT noise(all);
      noise.start_from(learnt_.mu, learnt_.variance, learnt_.nu);
      Sweeps sweeps(all, fit_, noise, 0);
      sweeps.look();
      course_.drive(whole_stage, "all ratings", sweeps, 0, last_sweeps, 0.8, 1, learnt_.state());
      learnt_.mu = noise.mu(), learnt_.variance = noise.variance(), learnt_.nu = noise.nu();
      put(noise, unit_, answer_);
    }
  }

  void finish(const Entries& entries) {
    put(fit_, unit(), answer_);
    put(fit_.row.prior, map_, unit(), answer_);
    answer_.holdout_error = learnt_.heldout.error;
    answer_.holdout_trimmed = learnt_.heldout.trimmed;
    answer_.holdout_kept = learnt_.heldout.keep;
    answer_.holdout_coverage = learnt_.heldout.coverage;
    answer_.sd_scale = learnt_.heldout.sd_scale;
    answer_.rank = active_components(answer_.row.factor, answer_.col.factor);
    if (!answer_.row.factor.allFinite() || !answer_.col.factor.allFinite() || !std::isfinite(learnt_.variance)) return;
    answer_.strengths = product_svd(answer_.row.factor, answer_.col.factor).s;
    judge_entries(entries);
    if (problem_.options.method != "auto") return;
    if (!few()) answer_.choices.emplace_back("likelihood", "student-t: there is one distinct value, or more than 20");
    if (few())
      answer_.choices.emplace_back(
          "likelihood",
          fmt::format("{}: after {} sweeps the shares of random and reversed ratings were at most {:.2f} "
                      "and {:.2f}; ordinal from {:.2f} or {:.2f}",
                      answer_.method, warm_sweeps, learnt_.first_random, learnt_.first_reversed, most_random, most_reversed));
  }

  // How likely each rating is neither random nor reversed, by all others.
  void judge_entries(const Entries& entries) {
    std::vector<std::uint8_t> level;
    if (few()) level = levels_of(entries, problem_.levels);
    const LeftOut without = leave_out(entries, predictions(entries, fit_), level,
                                      {learnt_.ordinal, learnt_.mu, learnt_.variance, learnt_.nu, learnt_.scale});
    answer_.unknowns = without.unknowns;
    if (!few()) return;
    const auto levels = static_cast<Index>(problem_.levels.value.size());
    const std::vector<double>& x = without.score;
    const Scale scale = learnt_.ordinal
                            ? learnt_.scale
                            : calibrate(tabulate_scores(x, level, levels), first_scale(x, level, problem_.levels.value.size()));
    put(scale, answer_);
    answer_.reliability.assign(problem_.data.value.size(), 1);  // entries may be held out still
    for (std::size_t e = 0; e < x.size(); ++e)
      answer_.reliability[static_cast<std::size_t>(entries.source[e])] = honesty(scale, scale.a * x[e], level[e]);
  }

  const Problem& problem_;
  Course& course_;
  Completed& answer_;
  Bilinear fit_;
  MaskMap map_;
  Learnt learnt_;
  double unit_ = 1;  // standard deviation of the values, which the fit takes as its unit
};

}  // namespace

void complete_ratings(const Problem& problem, Course& course, Completed& answer) { RatingsRecipe(problem, course, answer).run(); }

}  // namespace gossan::completing
