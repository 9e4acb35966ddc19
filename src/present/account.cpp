#include "present/account.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace gossan {
namespace {

Json checks_json(const Evidence& evidence) {
  Json list = Json::array();
  for (const Check& check : evidence.checks) {
    list.push_back({{"name", check.name},
                    {"value", check.value},
                    {"bound", check.bound},
                    {"passed", check.passed},
                    {"meaning", check.meaning}});
  }
  return list;
}

// A choice made more than once (a rank that was raised, say) keeps all its values.
Json choices_json(const Facts& choices) {
  Json object = Json::object();
  for (const auto& [name, value] : choices) {
    object[name] = object.contains(name) ? object[name].get<std::string>() + "; " + value : value;
  }
  return object;
}

}  // namespace

Json inputs_json(const RunRecord& record, const std::vector<Json>& found) {
  Json list = Json::array();
  std::size_t next = 0;
  const auto add = [&](const std::string& name, const std::string& role) {
    Json input = Json::object();
    input["file"] = name;
    if (!role.empty()) input["role"] = role;
    if (role.empty() && next < found.size()) input.update(found[next++]);
    list.push_back(std::move(input));
  };
  for (const auto& [name, role] : record.inputs) add(name, role);
  while (next < found.size()) add("array", "");
  return list;
}

Json options_json(const RunRecord& record, const Settings& settings) {
  Json options = option_values(record.options);
  for (const auto& [name, value] : settings) options[name] = value;
  return options;
}

Json versions_json(const RunRecord& record) {
  Json object = Json::object();
  for (const auto& [name, value] : record.versions) object[name] = value;
  return object;
}

void list_options(Report& page, const RunRecord& record) {
  for (const FieldView& field : record.options) page.choices.emplace_back(record.option_prefix + field.name, field.value);
}

Presentation presentation(const Account& account, const RunRecord& record, Report page) {
  Json json = {
      {"schema_version", schema_version},
      {"verb", account.recovery},
      {"inputs", inputs_json(record, account.found)},
      {"status", to_string(account.status)},
      {"verdict", to_string(page.evidence.verdict)},
      {"message", page.evidence.message},
      {"rank", account.rank},
      {"outlier_fraction", account.outlier_fraction},
      {"noise_scale", account.noise_scale},
      {"holdout", account.holdout},
      {"iterations", account.iterations},
      {"sweeps", account.sweeps},
      {"seconds", record.seconds},
      {"seed", account.seed},
  };
  json.update(account.details);
  json["checks"] = checks_json(page.evidence);
  json["choices"] = choices_json(account.choices);
  json["options"] = options_json(record, account.settings);
  json["versions"] = versions_json(record);
  page.choices = account.choices;
  if (account.page_lists_options) list_options(page, record);
  page.facts.insert(page.facts.end(), record.notices.begin(), record.notices.end());
  return {account.recovery, json_text(json), std::move(page)};
}

Json errors_json(const MatrixErrors& errors) {
  return {{"relative_error", errors.relative_error},
          {"corrupted_flagged", errors.flags.wrong_flagged},
          {"honest_flagged", errors.flags.honest_flagged},
          {"corrupted", errors.flags.wrong},
          {"honest", errors.flags.honest},
          {"corrupted_tolerance", errors.flags.tolerance}};
}

void check_count(std::span<const std::string> names, Index count, const char* what) {
  if (names.empty() || std::ssize(names) == count) return;
  throw std::invalid_argument(fmt::format("present: {} {}, expected {} or none", names.size(), what, count));
}

}  // namespace gossan
