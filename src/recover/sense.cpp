// Robust matrix sensing by (sub)gradient methods, every part chosen by name (Ma & Fattahi 2023; Tong, Ma & Chi 2021).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "gossan/init.hpp"
#include "gossan/linalg.hpp"
#include "gossan/losses.hpp"
#include "gossan/random.hpp"
#include "gossan/recover.hpp"
#include "recover/sense/counted.hpp"
#include "recover/sense/evidence.hpp"
#include "recover/sense/settings.hpp"
#include "recover/sense/statistics.hpp"

namespace gossan {
namespace {

template <class Table>
std::vector<std::string> names(const Table& table) {
  std::vector<std::string> all;
  all.reserve(table.size());
  for (const auto& each : table) all.push_back(each.name);
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

Index search_rank(const Operator& A, Index asked) {
  const Index most = std::min(A.rows(), A.cols());
  if (asked > most) {
    throw std::invalid_argument("option 'rank' of sense: value '" + std::to_string(asked) +
                                "' must be <= " + std::to_string(most) + ", the smaller side of the matrix");
  }
  return asked == 0 ? most : asked;
}

// Marks all but a random share of the measurements; one at least stays fitted.
std::vector<bool> choose_fitted(Index n, double holdout, std::uint64_t seed) {
  const auto wanted = static_cast<Index>(std::llround(holdout * static_cast<double>(n)));
  const std::vector<Index> order = permutation(n, Random(seed, 301));
  std::vector<bool> fitted(static_cast<std::size_t>(n), true);
  for (Index e = 0; e < std::min(wanted, n - 1); ++e)
    fitted[static_cast<std::size_t>(order[static_cast<std::size_t>(e)])] = false;
  return fitted;
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

// The gradients of a pair lack the factor 2 of a symmetric factor's: to go as far, its default steps are twice as long.
Settings with_default_step(const SenseOptions& options) {
  Settings settings = options.settings;
  const auto is_step = [](const auto& setting) { return setting.first == "schedule.step"; };
  if (options.model != "factor-pair" || std::any_of(settings.begin(), settings.end(), is_step)) return settings;
  for (const FieldView& option : find(schedules(), options.schedule, "schedule").options) {
    if (option.name == "step") settings.emplace_back("schedule.step", fmt::format("{}", 2 * std::stod(option.value)));
  }
  return settings;
}

// Runs the chosen parts; fills the factors, the history, the choices and the result. Returns the relative size of the last step.
double fit(const Operator& A, std::span<const double> y, const std::vector<bool>& fitted, const SenseOptions& options,
           const Watch& watch, Sensed& answer) {
  const sensing::PartSettings settings(with_default_step(options));
  const auto& model_row = find(models(), options.model, "model");
  const auto& loss_row = find(losses(), options.loss, "loss");
  const auto& schedule_row = find(schedules(), options.schedule, "schedule");
  const auto& method_row = find(methods(), options.method, "method");
  const auto& init_row = find(initialisations(), options.init, "init");
  const auto choose = [&](const std::string& part, const auto& chosen) {
    sensing::add_choices(answer.choices, part, chosen.name, chosen.options, settings.of(part));
  };
  choose("model", model_row);
  choose("loss", loss_row);
  choose("method", method_row);
  choose("schedule", schedule_row);
  choose("init", init_row);

  const auto model = model_row.make(settings.of("model"), {A.rows(), A.cols(), search_rank(A, options.rank)});
  const auto loss = loss_row.make(settings.of("loss"));
  const auto objective = data_fit(A, *model, *loss, y, fitted);
  const auto method = method_row.make(settings.of("method"), schedule_row.make(settings.of("schedule"), objective.get()));
  Params theta = init_row.make(settings.of("init"), {&A, y, model->layout(), options.seed, &fitted});

  // Single precision shows in predictions at about 1e-7: it serves until the steps come near that, and never after.
  constexpr double least_rough_change = 1e-5;
  auto& precision = dynamic_cast<Roughness&>(*objective);
  precision.allow_rough(true);

  double last_change = 0;
  std::vector<Observer> observers = watch.observers;
  constexpr Index history_rows = 2000;
  observers.push_back(record(answer.history, "descent", std::max<Index>(1, options.max_iterations / history_rows)));
  observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    last_change = at.change;
    if (at.change < least_rough_change) precision.allow_rough(false);
    if (watch.progress) watch.progress("descent", static_cast<double>(at.k) / static_cast<double>(options.max_iterations));
    return std::nullopt;
  });
  answer.result = minimise(*objective, *method, std::move(theta), {.max_iterations = options.max_iterations}, observers);

  const Factors factors = model->factors(answer.result.theta);
  answer.symmetric = &factors.L == &factors.R;
  answer.L = factors.L;
  if (!answer.symmetric) answer.R = factors.R;
  return last_change;
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
  std::vector<double> data(y.begin(), y.end());
  for (std::size_t e = 0; e < y.size(); ++e) {
    answer.residuals[e] -= y[e];
    data[e] = std::abs(y[e]);
  }
  constexpr double normal_median = 0.6744897501960817;
  scales.data = sensing::median(std::move(data)) / normal_median;
  const double least_cut = sensing::negligible * scales.data;
  const auto core = sensing::find_core(sizes_where(answer.residuals, fitted, true), least_cut);
  answer.noise_scale = core.scale;
  answer.outlier_cut = core.cut;
  answer.training_median = sensing::median(sizes_where(answer.residuals, fitted, true));
  answer.holdout_median = sensing::median(sizes_where(answer.residuals, fitted, false));
  Index wrong = 0;
  for (const double r : answer.residuals) {
    answer.outliers.push_back(!(std::abs(r) <= core.cut));
    wrong += answer.outliers.back() ? 1 : 0;
  }
  answer.outlier_fraction = static_cast<double>(wrong) / static_cast<double>(y.size());
  return scales;
}

// How large a singular value may be and say nothing: the edge of the spectrum of the mean of n noisy Gaussian measurements, with
// the gain of A taken from the size of its predictions, and in any case what is too small to show in a residual. Where most data
// are 0 nothing stands above the noise.
double spectral_noise(const Operator& A, const Scales& scales, const Sensed& answer) {
  if (scales.data == 0) return std::numeric_limits<double>::infinity();
  const double dust = sensing::negligible * answer.singular_values(0);
  const double gain = scales.predictions / answer.singular_values.norm();
  const double edge = std::sqrt(static_cast<double>(A.rows())) + std::sqrt(static_cast<double>(A.cols()));
  const double noise = answer.noise_scale / gain * edge / std::sqrt(static_cast<double>(A.measurements()));
  return std::isfinite(gain) && gain > 0 ? std::max(noise, dust) : dust;
}

}  // namespace

Fields SenseOptions::fields() {
  return {
      {.name = "model", .value = &model, .help = "how the matrix is built from parameters", .choices = names(models())},
      {.name = "loss", .value = &loss, .help = "what residuals cost", .choices = names(losses())},
      {.name = "method", .value = &method, .help = "how parameters move", .choices = names(methods())},
      {.name = "schedule", .value = &schedule, .help = "step lengths", .choices = names(schedules())},
      {.name = "init", .value = &init, .help = "where the run starts", .choices = names(initialisations())},
      {.name = "rank", .value = &rank, .help = "search rank, the columns of the factors; 0: as many as fit", .least = 0},
      {.name = "max_iterations", .value = &max_iterations, .help = "iterations of the run", .least = 1},
      {.name = "holdout",
       .value = &holdout,
       .help = "share of the measurements kept back for the verdict",
       .least = 0,
       .most = 0.5},
      {.name = "seed", .value = &seed, .help = "seed of the random numbers"},
  };
}

Sensed sense(const Operator& A, std::span<const double> y, SenseOptions options, const Watch& watch) {
  check(options.fields(), "sense");
  check_data(A, y);
  const auto counted = sensing::counted(A);
  const std::vector<bool> fitted = choose_fitted(A.measurements(), options.holdout, options.seed);

  Sensed answer;
  const double last_change = fit(*counted, y, fitted, options, watch, answer);
  answer.choices.emplace_back("rank", std::to_string(search_rank(A, options.rank)));
  answer.choices.emplace_back("max_iterations", std::to_string(options.max_iterations));
  answer.choices.emplace_back("holdout", view(options.fields())[7].value);
  answer.choices.emplace_back("seed", std::to_string(options.seed));

  const Scales scales = read_residuals(*counted, y, fitted, answer);
  answer.singular_values = sensing::singular_values(answer.L, answer.R);
  if (!answer.singular_values.allFinite()) answer.singular_values.setZero();  // diverged beyond squaring
  const auto reading = sensing::read_rank(answer.singular_values, spectral_noise(A, scales, answer), sensing::clear_gap);
  answer.rank = reading.rank;
  answer.evidence = sensing::weigh({*counted, y, fitted, answer, scales.data, reading.gap, last_change, options.seed});
  answer.sweeps = counted->sweeps();
  return answer;
}

}  // namespace gossan
