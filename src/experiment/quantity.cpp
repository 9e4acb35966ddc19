#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>
#include <utility>

#include "gossan/experiment.hpp"
#include "gossan/linalg.hpp"

namespace gossan {
namespace {

constexpr double never = std::numeric_limits<double>::quiet_NaN();

template <class Reading>
double median_of(const Cell& cell, Reading reading) {
  std::vector<double> values;
  for (const Trial& trial : cell.trials) values.push_back(static_cast<double>(std::invoke(reading, trial)));
  return values.empty() ? never : median(std::move(values));  // NaN, what a run that diverged leaves, is the worst
}

template <class Test>
double share_of(const Cell& cell, Test test) {
  const auto hits = std::count_if(cell.trials.begin(), cell.trials.end(), test);
  return static_cast<double>(hits) / static_cast<double>(cell.trials.size());
}

// Of a step that never came: NaN.
double step_or_never(Index k) { return k == 0 ? never : static_cast<double>(k); }

double singular_value(const Trial& trial, Index i) {
  return i <= trial.singular_values.size() ? trial.singular_values(i - 1) : 0;
}

double steps_to(const Course& course, double level) {
  for (std::size_t k = 0; k < course.k.size(); ++k) {
    if (course.error[k] <= level) return static_cast<double>(course.k[k]);
  }
  return never;
}

}  // namespace

Course median_course(const Cell& cell) {
  Course course;
  std::size_t steps = 0;
  for (const Trial& trial : cell.trials) {
    if (trial.course.k.size() > steps) course.k = trial.course.k;
    steps = std::max(steps, trial.course.k.size());
  }
  const auto at = [](const std::vector<double>& values, std::size_t k) { return values[std::min(k, values.size() - 1)]; };
  for (std::size_t k = 0; k < steps; ++k) {
    std::vector<double> errors, losses, ranks;
    for (const Trial& trial : cell.trials) {  // a run that ended early stays where it ended
      if (trial.course.k.empty()) continue;
      errors.push_back(at(trial.course.error, k));
      losses.push_back(at(trial.course.loss, k));
      if (!trial.course.effective_rank.empty()) ranks.push_back(at(trial.course.effective_rank, k));
    }
    course.error.push_back(median(std::move(errors)));
    course.loss.push_back(median(std::move(losses)));
    if (!ranks.empty()) course.effective_rank.push_back(median(std::move(ranks)));
  }
  return course;
}

double quantity(const Cell& cell, std::string_view name) {
  if (name == "error") return median_of(cell, &Trial::error);
  if (name == "relative_error") return median_of(cell, &Trial::relative_error);
  if (name == "loss") return median_of(cell, &Trial::loss);
  if (name == "minimax") return median_of(cell, &Trial::minimax);
  if (name == "rank") return median_of(cell, &Trial::rank);
  if (name == "iterations") return median_of(cell, &Trial::iterations);
  if (name == "sweeps") return median_of(cell, &Trial::sweeps);
  if (name == "seconds") return median_of(cell, &Trial::seconds);
  if (name == "slope") return median_of(cell, &Trial::slope);
  if (name == "effective_rank") return median_of(cell, &Trial::effective_rank);
  if (name == "phase_start") return median_of(cell, [](const Trial& trial) { return step_or_never(trial.phase.first); });
  if (name == "phase_end") return median_of(cell, [](const Trial& trial) { return step_or_never(trial.phase.last); });
  if (name == "phase_length")
    return median_of(cell, [](const Trial& trial) { return step_or_never(trial.phase.last) - step_or_never(trial.phase.first); });
  if (name == "phase_angle") return median_of(cell, [](const Trial& trial) { return trial.phase.angle; });
  if (name == "descends") return share_of(cell, [](const Trial& trial) { return trial.descends; });
  if (name == "strict_saddle") return share_of(cell, [](const Trial& trial) { return trial.strict_saddle; });
  if (name == "saddle_and_success")
    return share_of(cell, [](const Trial& trial) { return trial.strict_saddle && trial.success; });
  if (name == "success") return share_of(cell, [](const Trial& trial) { return trial.success; });
  if (name == "trusted") return share_of(cell, [](const Trial& trial) { return trial.trusted; });
  if (name == "trusted_and_wrong") return share_of(cell, [](const Trial& trial) { return trial.trusted && !trial.success; });
  if (name == "least error") {
    const Course course = median_course(cell);
    return course.error.empty() ? never : *std::min_element(course.error.begin(), course.error.end());
  }
  constexpr std::string_view singular = "singular_value ";
  if (name.starts_with(singular)) {
    const std::string_view number = name.substr(singular.size());
    Index i = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), i);
    if (error == std::errc() && end == number.data() + number.size() && i >= 1)
      return median_of(cell, [i](const Trial& trial) { return singular_value(trial, i); });
  }
  constexpr std::string_view steps = "steps to ";
  if (name.starts_with(steps)) {
    const Course course = median_course(cell);
    const std::string_view level = name.substr(steps.size());
    if (level == "floor") return course.error.empty() ? never : steps_to(course, 2 * course.error.back());
    double value = 0;
    const auto [end, error] = std::from_chars(level.data(), level.data() + level.size(), value);
    if (error == std::errc() && end == level.data() + level.size()) return steps_to(course, value);
  }
  throw std::invalid_argument(fmt::format("experiment: quantity '{}' is not known", name));
}

}  // namespace gossan
