#include "recover/sense/settings.hpp"

#include <algorithm>
#include <stdexcept>

namespace gossan::sensing {
namespace {

const std::vector<std::string>& parts() {
  static const std::vector<std::string> names{"loss", "model", "method", "schedule", "init", "penalty"};
  return names;
}

std::string same_name(std::string name) {
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

[[noreturn]] void refuse(const std::string& name, const std::string& part) {
  std::string message = "sense: unknown setting '" + name + "', expected PART.OPTION with PART one of";
  for (const std::string& each : parts()) message += " " + each;
  const std::string close = nearest(part, parts());
  if (!close.empty()) message += "; did you mean '" + close + "." + name.substr(std::min(name.size(), part.size() + 1)) + "'?";
  throw std::invalid_argument(message);
}

}  // namespace

PartSettings::PartSettings(const Settings& settings) : settings_(settings) {
  for (const auto& [name, value] : settings_) {
    const std::string part = name.substr(0, name.find('.'));
    const bool known = std::find(parts().begin(), parts().end(), part) != parts().end();
    if (!known || part == name) refuse(name, part);
  }
}

Settings PartSettings::of(std::string_view part) const {
  Settings mine;
  const std::string prefix = std::string(part) + ".";
  for (const auto& [name, value] : settings_) {
    if (name.starts_with(prefix)) mine.emplace_back(name.substr(prefix.size()), value);
  }
  return mine;
}

void add_choices(Choices& choices, const std::string& part, const std::string& name, const std::vector<FieldView>& options,
                 const Settings& set) {
  choices.emplace_back(part, name);
  for (const FieldView& option : options) {
    std::string value = option.value;
    for (const auto& [key, text] : set) {
      if (same_name(key) == option.name) value = text;
    }
    choices.emplace_back(part + "." + option.name, value);
  }
}

}  // namespace gossan::sensing
