// Robust matrix sensing: the tuning-free recovery, or (sub)gradient methods whose every part is chosen by name (Ma & Fattahi
// 2023; Tong, Ma & Chi 2021).
#include "gossan/sense.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/evidence.hpp"
#include "gossan/init.hpp"
#include "gossan/linalg.hpp"
#include "gossan/losses.hpp"
#include "gossan/penalties.hpp"
#include "gossan/run.hpp"
#include "gossan/watch.hpp"
#include "recover/sense/companions.hpp"
#include "recover/sense/counted.hpp"
#include "recover/sense/evidence.hpp"
#include "recover/sense/excess_risk.hpp"
#include "recover/sense/journal.hpp"
#include "recover/sense/observed.hpp"
#include "recover/sense/parts.hpp"
#include "recover/sense/resumable.hpp"
#include "recover/sense/statistics.hpp"
#include "recover/sense/tuning_free.hpp"
#include "recover/shared/holdout.hpp"
#include "recover/shared/marks.hpp"
#include "recover/shared/option_fields.hpp"
#include "recover/shared/scales.hpp"
#include "recover/shared/spectrum.hpp"

namespace gossan {
namespace {

using sensing::automatic;

template <class Table>
std::vector<std::string> names(const Table& table) {
  std::vector<std::string> all = {automatic};
  for (const auto& each : table) all.push_back(each.name);
  return all;
}

std::vector<std::string> penalty_names() {
  std::vector<std::string> all = names(penalties());
  all.insert(all.begin() + 1, "none");
  return all;
}

void check_data(const Operator& A, std::span<const double> y) {
  if (y.size() != static_cast<std::size_t>(A.measurements())) {
    throw std::invalid_argument("sense: y has " + std::to_string(y.size()) + " values, expected one for each of the " +
                                std::to_string(A.measurements()) + " measurements");
  }
  for (std::size_t e = 0; e < y.size(); ++e) {
    if (!std::isfinite(y[e])) {
      throw std::invalid_argument("sense: y[" + std::to_string(e) + "] is " + std::to_string(y[e]) +
                                  ", expected a finite number");
    }
  }
}

void check_truth(const Operator& A, const Matrix* truth) {
  if (truth == nullptr || (truth->rows() == A.rows() && truth->cols() == A.cols())) return;
  throw std::invalid_argument(fmt::format("sense: the truth is {} x {}, the matrix that is measured {} x {}", truth->rows(),
                                          truth->cols(), A.rows(), A.cols()));
}

// |value| of the marked ones; what is not a finite number counts as endlessly large.
std::vector<double> sizes_where(const std::vector<double>& values, const std::vector<bool>& marks, bool mark) {
  std::vector<double> sizes;
  for (std::size_t e = 0; e < values.size(); ++e) {
    if (marks[e] != mark) continue;
    sizes.push_back(std::isfinite(values[e]) ? std::abs(values[e]) : std::numeric_limits<double>::max());
  }
  return sizes;
}

void flag_outliers(Sensed& answer) {
  for (const double r : answer.residuals) answer.outliers.push_back(!(std::abs(r) <= answer.outlier_cut));
  answer.outlier_fraction = share_marked(answer.outliers);
}

struct Scales {
  double data = 0;         // of the measurements: what residuals are judged against
  double predictions = 0;  // root mean square of A(X)
};

// Noise, outliers and medians from the residuals.
Scales read_residuals(const Operator& A, std::span<const double> y, const std::vector<bool>& fitted, Sensed& answer) {
  answer.residuals.resize(y.size());
  predict(A, answer.L, answer.symmetric ? answer.L : answer.R, answer.residuals);
  Scales scales;
  scales.predictions = Eigen::Map<const Vector>(answer.residuals.data(), A.measurements()).stableNorm() /
                       std::sqrt(static_cast<double>(A.measurements()));
  for (std::size_t e = 0; e < y.size(); ++e) answer.residuals[e] -= y[e];
  scales.data = median_scale(sizes_of(y));
  const double least_cut = sensing::negligible * scales.data;
  const auto core = sensing::find_core(sizes_where(answer.residuals, fitted, true), least_cut);
  answer.noise_scale = core.scale;
  answer.outlier_cut = core.cut;
  answer.training_median = median(sizes_where(answer.residuals, fitted, true));
  answer.holdout_median = median(sizes_where(answer.residuals, fitted, false));
  flag_outliers(answer);
  return scales;
}

// How large a singular value may be and say nothing: the edge of the spectrum of the mean of n noisy Gaussian measurements, with
// the gain of A taken from the size of its predictions, and in any case what is too small to show in a residual. Where most data
// are 0 nothing stands above the noise.
double spectral_noise(const Operator& A, const Scales& scales, const Sensed& answer) {
  if (scales.data == 0) return std::numeric_limits<double>::infinity();
  const double dust = sensing::negligible * answer.singular_values(0);
  const double gain = scales.predictions / answer.singular_values.norm();
  const double edge = noise_edge(static_cast<double>(A.rows()), static_cast<double>(A.cols()));
  const double noise = answer.noise_scale / gain * edge / std::sqrt(static_cast<double>(A.measurements()));
  return std::isfinite(gain) && gain > 0 ? std::max(noise, dust) : dust;
}

void add_options(const SenseOptions& options, Sensed& answer) {
  for (const FieldView& each : view(SenseOptions(options).fields())) {
    const bool number = each.name == "max_iterations" || each.name == "holdout" || each.name == "seed";
    if (number) answer.choices.emplace_back(each.name, each.value);
  }
}

Sensed by_parts(const Operator& A, std::span<const double> y, const SenseOptions& options, const Watch& watch) {
  const auto counted = sensing::counted(A);
  const std::vector<bool> fitted = choose_fitted(A.measurements(), options.holdout, options.seed);
  Sensed answer;
  const sensing::Descended descended = sensing::fit_by_parts(*counted, y, fitted, options, watch, answer);
  answer.choices.emplace_back("rank", std::to_string(sensing::search_rank(A, options.rank)));
  add_options(options, answer);

  const Scales scales = read_residuals(*counted, y, fitted, answer);
  answer.singular_values = sensing::singular_values(answer.L, answer.R);
  if (!answer.singular_values.allFinite()) answer.singular_values.setZero();  // diverged beyond squaring
  const auto reading = sensing::read_rank(answer.singular_values, spectral_noise(A, scales, answer), sensing::clear_gap);
  answer.rank = reading.rank;
  answer.evidence = sensing::weigh({*counted, y, fitted, answer, scales.data, reading.gap, descended.last_change, options.seed});
  sensing::conclude(options, descended.L, descended.R, watch.truth, answer);
  if (!descended.trouble.empty()) answer.trajectory.warnings.push_back("checkpoint not written: " + descended.trouble);
  answer.sweeps = counted->sweeps();
  return answer;
}

// The tuning-free recovery. `because`: why this model is the answer, where that was decided here.
Sensed freely(const Operator& A, std::span<const double> y, bool symmetric, const SenseOptions& options,
              const std::string& because, sensing::Journal& journal, const Watch& watch) {
  // One in 2100 normal residuals is beyond; with the leverage of those that the fit left out, about one in 1000 (measured).
  constexpr double cut_scales = 3.5;
  const auto read = journal.reading(A);
  const auto counted = sensing::counted(*read);
  Sensed answer;
  const sensing::TuningFreeLimits limits{sensing::search_rank(A, options.rank), options.max_iterations, options.holdout,
                                         options.seed};
  const sensing::TuningFree free = sensing::tuning_free(*counted, y, symmetric, limits, answer.history, watch);

  const sensing::SplitFactors factors(free.X);
  answer.symmetric = symmetric;
  answer.L = factors.left();
  if (!symmetric) answer.R = factors.right();
  answer.rank = answer.search_rank = free.X.rank();
  answer.singular_values.resize(free.X.rank() + free.tail.size());
  answer.singular_values << free.X.s, free.tail;
  answer.result = free.result;
  if (free.exact || free.spread > 0) answer.expected_error = free.exact ? 0 : free.spread;

  answer.residuals = free.residuals;
  const double data_scale = median_scale(sizes_of(y));
  answer.noise_scale = free.scale;
  answer.outlier_cut = std::max(cut_scales * free.scale, sensing::negligible * data_scale);
  flag_outliers(answer);
  const bool held_out = std::find(free.fitted.begin(), free.fitted.end(), false) != free.fitted.end();
  const std::vector<double>& judged = held_out ? free.held_out_residuals : answer.residuals;
  answer.training_median = median(sizes_where(judged, free.fitted, true));
  answer.holdout_median = median(sizes_where(judged, free.fitted, false));

  const std::string model = symmetric ? "symmetric-factor" : "factor-pair";
  answer.choices.emplace_back("model", because.empty() || options.model != automatic ? model : model + ": " + because);
  answer.choices.emplace_back("method", "tuning-free");
  answer.choices.emplace_back("portfolio runs", std::to_string(free.runs));
  answer.choices.emplace_back("most rank", std::to_string(limits.rank));
  answer.choices.emplace_back("flagged beyond", fmt::format("{} noise scales: about 1 in 1000 honest ones", cut_scales));
  add_options(options, answer);
  answer.evidence = sensing::weigh({*counted, y, free.fitted, answer, data_scale, 0, 0, options.seed}, free);
  answer.sweeps = counted->sweeps();
  if (!journal.trouble().empty()) answer.trajectory.warnings.push_back("checkpoint not written: " + journal.trouble());
  return answer;
}

// The watch of a recovery whose journal ends when it is stopped.
Watch closing(const Watch& watch, sensing::Journal& journal) {
  Watch closes = watch;
  for (Observer& observer : closes.observers) {
    observer = [watched = observer, &journal](const Iterate& at) {
      const auto wish = watched(at);
      if (wish) journal.close();
      return wish;
    };
  }
  return closes;
}

// By residuals of held-out measurements, or where a fit is exact and holds none out by that. A general run that was stopped has
// not said its last word: the symmetric answer stands, and its status tells.
Sensed chosen(Sensed symmetric, Sensed general) {
  constexpr double clearly = 0.9;
  const bool ended = general.result.status == Status::converged;
  const bool general_wins =
      general.evidence.verdict == Verdict::trusted || (ended && general.evidence.verdict <= symmetric.evidence.verdict &&
                                                       general.holdout_median < clearly * symmetric.holdout_median);
  Sensed& winner = general_wins ? general : symmetric;
  const Index sweeps = symmetric.sweeps + general.sweeps;
  winner.choices.front().second = fmt::format(
      "{}: held-out median residual {:.3g}, of the symmetric one {:.3g}, of the general one {:.3g}",
      general_wins ? "factor-pair" : "symmetric-factor", winner.holdout_median, symmetric.holdout_median, general.holdout_median);
  winner.sweeps = sweeps;
  if (!ended && general.result.status != Status::diverged) winner.result.status = general.result.status;
  return std::move(winner);
}

}  // namespace

Fields SenseOptions::fields() {
  return {
      {.name = "model",
       .value = &model,
       .help = "how the matrix is built from parameters; auto: symmetric-factor where it fits, else factor-pair; any other asks "
               "for a descent",
       .choices = names(models())},
      {.name = "loss", .value = &loss, .help = "what residuals cost; auto: the method's", .choices = names(losses())},
      {.name = "method",
       .value = &method,
       .help = "how parameters move; auto: the tuning-free recovery, or subgradient where another part is named",
       .choices = names(methods())},
      {.name = "schedule", .value = &schedule, .help = "step lengths; auto: the method's", .choices = names(schedules())},
      {.name = "init", .value = &init, .help = "where the run starts; auto: the method's", .choices = names(initialisations())},
      {.name = "penalty",
       .value = &penalty,
       .help = "what is added to the loss, for proximal methods; auto: the method's, none for others",
       .choices = penalty_names()},
      {.name = "rank", .value = &rank, .help = "largest rank, the columns of the factors; 0: as many as fit", .least = 0},
      {.name = "max_iterations", .value = &max_iterations, .help = "iterations of the run, or of all runs together", .least = 1},
      holdout_field(&holdout, "measurements"),
      seed_field(&seed),
      {.name = "batch", .value = &batch, .help = "measurements a step of a descent, consecutive ones; 0: all", .least = 0},
      {.name = "batch_order",
       .value = &batch_order,
       .help = "reshuffled: every batch once an epoch, in a random order; replacement: any batch at any step",
       .choices = {"reshuffled", "replacement"}},
      {.name = "excess_risk",
       .value = &excess_risk,
       .help = "with the truth: three more descents split the excess risk into signal and noise, in the history and the report"},
  };
}

bool SenseOptions::tuning_free() const {
  const bool of_two_factors = model == automatic || model == "symmetric-factor" || model == "factor-pair";
  return of_two_factors && method == automatic && loss == automatic && schedule == automatic && init == automatic &&
         penalty == automatic && batch == 0 && settings.empty();
}

Sensed sense(const Operator& A, std::span<const double> y, SenseOptions options, const Watch& watch) {
  return sense([&A](bool) -> const Operator& { return A; }, y, std::move(options), watch);
}

Sensed sense(const Measuring& measuring, std::span<const double> y, SenseOptions options, const Watch& watch) {
  check(options.fields(), "sense");
  const bool may_be_symmetric = options.with_parts(true).model == "symmetric-factor";
  const Operator& A = measuring(may_be_symmetric);
  check_data(A, y);
  check_truth(A, watch.truth);
  sensing::check_excess_risk(options, watch.truth);
  sensing::search_rank(A, options.rank);
  const bool square = A.rows() == A.cols();
  if (!options.tuning_free()) return by_parts(A, y, options.with_parts(square), watch);
  if (options.model == "symmetric-factor" && !square) {
    throw std::invalid_argument(fmt::format(
        "sense: model symmetric-factor is of a square matrix, this one is {} x {}; factor-pair is of any", A.rows(), A.cols()));
  }
  const bool saved = !watch.checkpoint.file.empty();
  sensing::Journal journal(watch.checkpoint,
                           saved ? sensing::problem_of(A, y, watch.truth, options, {}, watch.checkpoint.problem) : Settings());
  const Watch closes = closing(watch, journal);
  if (!may_be_symmetric || !square) return freely(A, y, false, options, "", journal, closes);
  if (options.model == "symmetric-factor") return freely(A, y, true, options, "", journal, closes);

  Sensed symmetric = freely(A, y, true, options, "it explains the measurements", journal, closes);
  const bool ended = symmetric.result.status == Status::converged;
  if (!ended || symmetric.evidence.verdict == Verdict::trusted) return symmetric;
  return chosen(std::move(symmetric), freely(measuring(false), y, false, options, "", journal, closes));
}

}  // namespace gossan
