// gossan describe [TABLE]: what can be chosen by name.
#include <fmt/format.h>

#include <stdexcept>

#include "gossan/init.hpp"
#include "gossan/losses.hpp"
#include "gossan/methods.hpp"
#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/penalties.hpp"
#include "gossan/recover.hpp"
#include "gossan/schedules.hpp"
#include "parse/parser.hpp"
#include "run/json.hpp"

namespace gossan::cli {
namespace {

constexpr const char* describe_help =
    "Prints the tables of what can be chosen by name: operators, losses, models, schedules, initialisations, methods and "
    "recoveries. Each row with its options and what it needs to be told; methods with the parts that 'auto' means beside them "
    "(steps are twice as long for a factor-pair).";
constexpr const char* describe_examples =
    "Examples:\n"
    "  gossan describe\n"
    "  gossan describe schedules\n"
    "  gossan describe losses --json";

struct Entry {
  std::string name, help, input;
  std::vector<FieldView> options;
  std::vector<Need> needs = {};
  std::vector<std::pair<std::string, std::string>> companions = {};
};
struct Section {
  std::string name;
  std::string prefix;  // of the options in --set; empty where they are options of the verb itself
  std::vector<Entry> entries;
};

template <class Table>
Section section(std::string name, std::string prefix, const Table& table) {
  Section out{std::move(name), std::move(prefix), {}};
  for (const auto& row : table) out.entries.push_back({row.name, row.help, "", row.options, row.needs});
  return out;
}

// Of a method also its companions, and what they need.
Section methods_section() {
  Section out = section("methods", "method.", methods());
  for (std::size_t m = 0; m < methods().size(); ++m) {
    const Companions& beside = methods()[m].companions;
    Entry& entry = out.entries[m];
    for (const auto& needs :
         {find(schedules(), beside.schedule, "schedule").needs, find(initialisations(), beside.init, "init").needs})
      entry.needs.insert(entry.needs.end(), needs.begin(), needs.end());
    if (!beside.model.empty()) entry.companions.emplace_back("model", beside.model);
    entry.companions.insert(entry.companions.end(),
                            {{"loss", beside.loss}, {"schedule", beside.schedule}, {"init", beside.init}});
    if (!beside.penalty.empty()) entry.companions.emplace_back("penalty", beside.penalty);
    entry.companions.insert(entry.companions.end(), beside.settings.begin(), beside.settings.end());
  }
  return out;
}

std::vector<Section> sections() {
  Section operator_section{"operators", "", {}};
  for (const OperatorRow& row : operators()) operator_section.entries.push_back({row.name, row.help, row.input, {}});
  Section recovery_section{"recoveries", "", {}};
  for (const RecoveryRow& row : recoveries()) recovery_section.entries.push_back({row.name, row.help, row.input, row.options});
  return {operator_section,
          section("losses", "loss.", losses()),
          section("penalties", "penalty.", penalties()),
          section("models", "model.", models()),
          section("schedules", "schedule.", schedules()),
          section("initialisations", "init.", initialisations()),
          methods_section(),
          recovery_section};
}

std::vector<std::string> need_names(const Entry& entry) {
  std::vector<std::string> names;
  for (const Need need : entry.needs) names.push_back(to_string(need));
  return names;
}

std::string companions_text(const Entry& entry) {
  std::string text;
  for (const auto& [part, name] : entry.companions) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", part, name);
  return text;
}

void print(const Section& section) {
  fmt::print("{}\n", section.name);
  for (const Entry& entry : section.entries) {
    fmt::print("  {:<30}{}\n", entry.name, entry.help);
    if (!entry.input.empty()) fmt::print("  {:<30}input: {}\n", "", entry.input);
    if (!entry.needs.empty()) fmt::print("  {:<30}needs: {}\n", "", fmt::join(need_names(entry), ", "));
    if (!entry.companions.empty()) fmt::print("  {:<30}beside it: {}\n", "", companions_text(entry));
    for (const FieldView& option : entry.options) {
      const std::string value = option.value.empty() ? "unset" : option.value;
      const std::string range = option.range.empty() ? "" : ", " + option.range;
      fmt::print("    {:<28}{}{} (default {})\n", section.prefix + option.name, option.help, range, value);
    }
  }
  fmt::print("\n");
}

Json to_json(const Section& section) {
  Json rows = Json::array();
  for (const Entry& entry : section.entries) {
    Json options = Json::array();
    for (const FieldView& option : entry.options) {
      options.push_back({{"name", section.prefix + option.name},
                         {"type", option.type},
                         {"default", option.value},
                         {"range", option.range},
                         {"help", option.help}});
    }
    Json row = {{"name", entry.name}, {"help", entry.help}};
    if (!entry.input.empty()) row["input"] = entry.input;
    if (!entry.needs.empty()) row["needs"] = need_names(entry);
    for (const auto& [part, name] : entry.companions) row["companions"][part] = name;
    row["options"] = std::move(options);
    rows.push_back(std::move(row));
  }
  return rows;
}

struct DescribeOptions {
  bool json = false;
  Fields fields() { return {{.name = "json", .value = &json, .help = "print as JSON"}}; }
};

}  // namespace

ExitCode describe_verb(const Arguments& arguments) {
  std::string table;
  DescribeOptions options;
  Parser parser("gossan describe", describe_help, describe_examples);
  parser.optional_input("TABLE", &table, "one table; without it, all");
  parser.options("Options", options.fields());
  if (!parser.parse(arguments)) return recovered;
  auto chosen = sections();
  if (!table.empty()) chosen = {find(chosen, table, "table")};
  Json json = Json::object();
  for (const Section& each : chosen) {
    if (options.json) {
      json[each.name] = to_json(each);
    } else {
      print(each);
    }
  }
  if (options.json) fmt::print("{}", json_text(json));
  return recovered;
}

}  // namespace gossan::cli
