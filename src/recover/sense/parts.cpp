#include "recover/sense/parts.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "gossan/init.hpp"
#include "gossan/losses.hpp"
#include "gossan/penalties.hpp"
#include "recover/sense/companions.hpp"
#include "recover/sense/excess_risk.hpp"
#include "recover/sense/observed.hpp"
#include "recover/sense/resumable.hpp"
#include "recover/sense/settings.hpp"
#include "run/ask.hpp"
#include "run/loop.hpp"

namespace gossan::sensing {

Index search_rank(const Operator& A, Index asked) {
  const Index most = std::min(A.rows(), A.cols());
  if (asked > most) {
    throw std::invalid_argument("option 'rank' of sense: value '" + std::to_string(asked) +
                                "' must be <= " + std::to_string(most) + ", the smaller side of the matrix");
  }
  return asked == 0 ? most : asked;
}

std::unique_ptr<Model> make_model(const Operator& A, const SenseOptions& options) {
  return find(models(), options.model, "model")
      .make(PartSettings(options.settings).of("model"), {A.rows(), A.cols(), search_rank(A, options.rank)});
}

namespace {

// Throws std::invalid_argument where the parts do not go together.
void check_composition(const SenseOptions& options, const MethodRow& method) {
  const bool composite = options.penalty != "none";
  if (composite && method.companions.penalty.empty())
    throw std::invalid_argument("sense: method " + method.name + " takes no penalty, expected none or a proximal method");
  if (options.batch > 0 && method.companions.objective != static_cast<decltype(method.companions.objective)>(data_fit))
    throw std::invalid_argument("sense: method " + method.name + " has parameters of every measurement, expected batch 0");
  if (options.batch > 0 && method.name == "accelerated-proximal-gradient")
    throw std::invalid_argument("sense: method " + method.name +
                                " restarts where the objective rises, as batches do, expected batch 0");
  if (options.excess_risk && (composite || options.batch > 0))
    throw std::invalid_argument(
        "sense: the excess risk is split for descents on the loss alone, expected penalty none and batch 0");
}

std::unique_ptr<Penalty> chosen_penalty(const SenseOptions& options, const PartSettings& settings, Choices& choices) {
  const Settings of_penalty = settings.of("penalty");
  if (options.penalty == "none") {
    if (!of_penalty.empty())
      throw std::invalid_argument("sense: setting 'penalty." + of_penalty.front().first + "' without a penalty");
    return nullptr;
  }
  const auto& row = find(penalties(), options.penalty, "penalty");
  add_choices(choices, "penalty", row.name, row.options, of_penalty);
  return row.make(of_penalty);
}

}  // namespace

Descended fit_by_parts(const Counted& A, std::span<const double> y, const std::vector<bool>& fitted, const SenseOptions& options,
                       const Watch& watch, Sensed& answer) {
  check_needs(options);
  const PartSettings settings(options.settings);
  const auto& model_row = find(models(), options.model, "model");
  const auto& loss_row = find(losses(), options.loss, "loss");
  const auto& schedule_row = find(schedules(), options.schedule, "schedule");
  const auto& method_row = find(methods(), options.method, "method");
  const auto& init_row = find(initialisations(), options.init, "init");
  const auto choose = [&](const std::string& part, const auto& chosen) {
    add_choices(answer.choices, part, chosen.name, chosen.options, settings.of(part));
  };
  choose("model", model_row);
  choose("loss", loss_row);
  choose("method", method_row);
  choose("schedule", schedule_row);
  choose("init", init_row);
  check_composition(options, method_row);
  const std::unique_ptr<Penalty> penalty = chosen_penalty(options, settings, answer.choices);

  const auto model = make_model(A, options);
  const auto loss = loss_row.make(settings.of("loss"));
  const auto method_of = [&](Objective& objective) {
    const ScheduleContext context(&objective, model.get(), watch.truth);
    return method_row.make(settings.of("method"), schedule_row.make(settings.of("schedule"), context));
  };
  const auto start_of = [&](const Objective& objective, std::span<const double> values) {
    return init_row.make(settings.of("init"), {&A, values, objective.layout(), options.seed, &fitted});
  };
  const auto whole = method_row.companions.objective(A, *model, *loss, y, fitted);
  const auto batches = options.batch == 0
                           ? nullptr
                           : minibatch(A.uncounted(), *model, *loss, y, fitted,
                                       {.size = options.batch, .order = options.batch_order, .seed = options.seed});
  Objective& data = batches == nullptr ? *whole : *batches;
  const auto composite = penalty == nullptr ? nullptr : penalised(data, *penalty);
  Objective* const objective = composite == nullptr ? &data : composite.get();
  const auto method = method_of(*objective);
  Params theta = start_of(*objective, y);

  // Columns that start at 0, as negative eigenvalues of a spectral start leave them, stay there: gradients multiply them.
  answer.search_rank = (theta[0].value.cwiseAbs().colwise().maxCoeff().array() > 0).count();

  // Rough predictions serve until the steps come near their error, and never after.
  const double least_rough_change = 100 * rough_error(A);
  auto* precision = dynamic_cast<Roughness*>(objective);
  bool rough = precision != nullptr;

  Descended descended;
  const Factors first = model->factors(theta);
  descended.L = first.L;
  if (&first.L != &first.R) descended.R = first.R;
  Trajectory& trajectory = answer.trajectory;
  const std::vector<Gauge> gauges =
      choose_gauges({A.uncounted(), y, fitted, *model, *loss, options, first}, watch.truth, trajectory);

  const auto iteration = descent(*objective, *method, std::move(theta));
  const bool saved = !watch.checkpoint.file.empty();
  Settings problem = saved ? problem_of(A.uncounted(), y, watch.truth, options, answer, watch.checkpoint.problem) : Settings();
  Resumable resumable({*iteration, answer.history, trajectory.trace, gauges, A, rough, descended.last_change}, watch.checkpoint,
                      std::move(problem));
  if (precision != nullptr) precision->allow_rough(rough);
  std::vector<Observer> observers = watch.observers;
  constexpr Index history_rows = 2000;
  const Index every = std::max<Index>(1, options.max_iterations / history_rows);
  observers.push_back(record(answer.history, "descent", every, resumable.seconds()));
  observers.push_back(observe(trajectory.trace, gauges, *model, every));
  observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    descended.last_change = at.change;
    if (precision != nullptr && at.change < least_rough_change) precision->allow_rough(rough = false);
    if (watch.progress) watch.progress("descent", static_cast<double>(at.k) / static_cast<double>(options.max_iterations));
    return std::nullopt;
  });
  observers.push_back(resumable.saves());  // the last: what the others have seen is in it
  Params at = iteration->state();
  at.resize(objective->layout().size());
  answer.result =
      run_from(*iteration, std::move(at), {.max_iterations = options.max_iterations, .taken = resumable.taken()}, observers);
  resumable.end(answer.result.status);
  descended.trouble = resumable.trouble();
  if (batches != nullptr) {  // of which each reads its share of the data; batches are rounded up to what A can be cut at
    const double read =
        static_cast<double>(answer.result.iterations) * static_cast<double>(std::min(options.batch, A.measurements()));
    A.count_from(A.sweeps() + static_cast<Index>(std::ceil(read / static_cast<double>(A.measurements()))));
  }
  answer.result.f = whole->evaluate(answer.result.theta, nullptr, answer.result.iterations);
  if (penalty != nullptr) {
    for (const Block& block : answer.result.theta) answer.result.f += penalty->value(block.value);
  }

  const bool stopped = cut_off(answer.result.status);
  if (options.excess_risk && !stopped) {
    Index runs = 0;
    const Descend descend = [&](std::span<const double> values, const Observer& observer) {
      const auto fit = method_row.companions.objective(A.uncounted(), *model, *loss, values, fitted);
      const auto way = method_of(*fit);
      std::vector<Observer> watched = watch.observers;
      watched.push_back(observer);
      watched.emplace_back([&](const Iterate& at) -> std::optional<Status> {
        const double done = static_cast<double>(at.k) / static_cast<double>(options.max_iterations);
        if (watch.progress) watch.progress("excess risk", (static_cast<double>(runs) + done) / 3);
        return std::nullopt;
      });
      const Result run = minimise(*fit, *way, start_of(*fit, values), {.max_iterations = options.max_iterations}, watched);
      if (cut_off(run.status)) answer.result.status = run.status;
      ++runs;
    };
    add_excess_risk(descend, A.uncounted(), *model, *watch.truth, y, every, answer);
  }
  const Factors factors = model->factors(answer.result.theta);
  answer.symmetric = &factors.L == &factors.R;
  answer.L = factors.L;
  if (!answer.symmetric) answer.R = factors.R;
  return descended;
}

}  // namespace gossan::sensing
