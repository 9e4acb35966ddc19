// gossan describe [TABLE]: what can be chosen by name.
#include <fmt/format.h>

#include <stdexcept>

#include "gossan/init.hpp"
#include "gossan/losses.hpp"
#include "gossan/methods.hpp"
#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/recover.hpp"
#include "gossan/schedules.hpp"
#include "parser.hpp"
#include "summary.hpp"

namespace gossan::cli {
namespace {

constexpr const char* help =
    "Prints the tables of what can be chosen by name, with the options of each row: operators, losses, models, schedules, "
    "initialisations, methods and recoveries.";
constexpr const char* examples =
    "Examples:\n"
    "  gossan describe\n"
    "  gossan describe schedules\n"
    "  gossan describe losses --json";

struct Entry {
  std::string name, help, input;
  std::vector<FieldView> options;
};
struct Section {
  std::string name;
  std::string prefix;  // of the options in --set; empty where they are options of the verb itself
  std::vector<Entry> entries;
};

template <class Table>
Section section(std::string name, std::string prefix, const Table& table) {
  Section out{std::move(name), std::move(prefix), {}};
  for (const auto& row : table) out.entries.push_back({row.name, row.help, "", row.options});
  return out;
}

std::vector<Section> sections() {
  Section operator_section{"operators", "", {}};
  for (const OperatorRow& row : operators()) operator_section.entries.push_back({row.name, row.help, row.input, {}});
  Section recovery_section{"recoveries", "", {}};
  for (const RecoveryRow& row : recoveries()) recovery_section.entries.push_back({row.name, row.help, row.input, row.options});
  return {operator_section,
          section("losses", "loss.", losses()),
          section("models", "model.", models()),
          section("schedules", "schedule.", schedules()),
          section("initialisations", "init.", initialisations()),
          section("methods", "method.", methods()),
          recovery_section};
}

void print(const Section& section) {
  fmt::print("{}\n", section.name);
  for (const Entry& entry : section.entries) {
    fmt::print("  {:<24}{}\n", entry.name, entry.help);
    if (!entry.input.empty()) fmt::print("  {:<24}input: {}\n", "", entry.input);
    for (const FieldView& option : entry.options) {
      const std::string value = option.value.empty() ? "unset" : option.value;
      const std::string range = option.range.empty() ? "" : ", " + option.range;
      fmt::print("    {:<22}{}{} (default {})\n", section.prefix + option.name, option.help, range, value);
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
  Parser parser("gossan describe", help, examples);
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
