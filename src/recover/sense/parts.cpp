#include "recover/sense/parts.hpp"

#include <algorithm>
#include <stdexcept>

#include "gossan/init.hpp"
#include "gossan/losses.hpp"
#include "recover/sense/companions.hpp"
#include "recover/sense/settings.hpp"

namespace gossan::sensing {
Index search_rank(const Operator& A, Index asked) {
  const Index most = std::min(A.rows(), A.cols());
  if (asked > most) {
    throw std::invalid_argument("option 'rank' of sense: value '" + std::to_string(asked) +
                                "' must be <= " + std::to_string(most) + ", the smaller side of the matrix");
  }
  return asked == 0 ? most : asked;
}

double fit_by_parts(const Operator& A, std::span<const double> y, const std::vector<bool>& fitted, const SenseOptions& options,
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

  const auto model = model_row.make(settings.of("model"), {A.rows(), A.cols(), search_rank(A, options.rank)});
  const auto loss = loss_row.make(settings.of("loss"));
  const auto objective = method_row.companions.objective(A, *model, *loss, y, fitted);
  const ScheduleContext context(objective.get(), model.get(), options.truth.size() > 0 ? &options.truth : nullptr);
  const auto method = method_row.make(settings.of("method"), schedule_row.make(settings.of("schedule"), context));
  Params theta = init_row.make(settings.of("init"), {&A, y, objective->layout(), options.seed, &fitted});

  // Columns that start at 0, as negative eigenvalues of a spectral start leave them, stay there: gradients multiply them.
  answer.search_rank = (theta[0].value.cwiseAbs().colwise().maxCoeff().array() > 0).count();

  // Single precision shows in predictions at about 1e-7: it serves until the steps come near that, and never after.
  constexpr double least_rough_change = 1e-5;
  auto* precision = dynamic_cast<Roughness*>(objective.get());
  if (precision != nullptr) precision->allow_rough(true);

  double last_change = 0;
  std::vector<Observer> observers = watch.observers;
  constexpr Index history_rows = 2000;
  observers.push_back(record(answer.history, "descent", std::max<Index>(1, options.max_iterations / history_rows)));
  observers.emplace_back([&](const Iterate& at) -> std::optional<Status> {
    last_change = at.change;
    if (precision != nullptr && at.change < least_rough_change) precision->allow_rough(false);
    if (watch.progress) watch.progress("descent", static_cast<double>(at.k) / static_cast<double>(options.max_iterations));
    return std::nullopt;
  });
  answer.result = minimise(*objective, *method, std::move(theta), {.max_iterations = options.max_iterations}, observers);

  Params theta_of_model = answer.result.theta;  // an objective may have blocks of its own after the model's
  theta_of_model.resize(model->layout().size());
  const Factors factors = model->factors(theta_of_model);
  answer.symmetric = &factors.L == &factors.R;
  answer.L = factors.L;
  if (!answer.symmetric) answer.R = factors.R;
  return last_change;
}

}  // namespace gossan::sensing
