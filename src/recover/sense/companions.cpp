#include "recover/sense/companions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gossan/init.hpp"
#include "gossan/methods.hpp"

namespace gossan {
namespace {

void choose(std::string& part, const std::string& name) {
  if (part == sensing::automatic) part = name;
}

// The companions' own options, of those that are in use.
Settings companion_settings(const Companions& companions, const SenseOptions& parts) {
  Settings settings;
  for (const auto& setting : companions.settings) {
    const bool of_schedule = setting.first.starts_with("schedule.");
    if (of_schedule ? parts.schedule == companions.schedule : parts.init == companions.init) settings.push_back(setting);
  }
  return settings;
}

// The gradients of a pair lack the factor 2 of a symmetric factor's: to go as far, its default steps are twice as long.
void double_step(Settings& settings, const SenseOptions& parts) {
  for (const FieldView& option : find(schedules(), parts.schedule, "schedule").options) {
    if (option.name != "step") continue;
    std::string step = option.value;
    for (const auto& [name, value] : settings) {
      if (name == "schedule.step") step = value;
    }
    settings.emplace_back("schedule.step", fmt::format("{}", 2 * std::stod(step)));
  }
}

}  // namespace

SenseOptions SenseOptions::with_parts(bool square) const {
  SenseOptions parts = *this;
  choose(parts.method, "subgradient");
  const MethodRow& row = find(methods(), parts.method, "method");
  const Companions& companions = row.companions;
  choose(parts.model, !companions.model.empty() ? companions.model : square ? "symmetric-factor" : "factor-pair");
  choose(parts.loss, companions.loss);
  choose(parts.schedule, companions.schedule);
  choose(parts.init, companions.init);
  choose(parts.penalty, companions.penalty.empty() ? "none" : companions.penalty);
  parts.settings = companion_settings(companions, parts);
  if (parts.model == "factor-pair") double_step(parts.settings, parts);
  const auto is_seed = [](const FieldView& option) { return option.name == "seed"; };
  if (std::any_of(row.options.begin(), row.options.end(), is_seed)) {
    parts.settings.emplace_back("method.seed", std::to_string(seed));
  }
  parts.settings.insert(parts.settings.end(), settings.begin(), settings.end());  // the caller's come last, and win
  return parts;
}

void sensing::check_needs(const SenseOptions& options) {
  if (options.rank > 0) return;
  const auto ask = [](const auto& row) {
    if (std::find(row.needs.begin(), row.needs.end(), Need::rank) != row.needs.end()) refuse_without(Need::rank, row.name);
  };
  ask(find(methods(), options.method, "method"));
  ask(find(schedules(), options.schedule, "schedule"));
  ask(find(initialisations(), options.init, "init"));
}

}  // namespace gossan
