#include "io/toml_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gossan/io.hpp"

namespace gossan {
namespace {

std::string line_of(const toml::source_region& source) { return fmt::format("line {}", source.begin.line); }

struct Placed {
  toml::source_index line = 0;
  Setting setting;
};

void flatten(const toml::table& table, const std::string& prefix, const std::filesystem::path& file, std::vector<Placed>& out) {
  for (const auto& [key, node] : table) {
    // [loss] name = "huber" is the loss itself, next to its options.
    const bool names_table = key.str() == "name" && !prefix.empty();
    const std::string name = names_table ? prefix.substr(0, prefix.size() - 1) : prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      flatten(*inner, name + ".", file, out);
      continue;
    }
    const std::string where = fmt::format("{}: {}", file.string(), line_of(node.source()));
    out.push_back({node.source().begin.line, {name, text_of(node, name, file), where}});
  }
}

}  // namespace

std::string text_of(const toml::node& value, const std::string& name, const std::filesystem::path& file) {
  if (const auto* text = value.as_string()) return text->get();
  if (const auto* integer = value.as_integer()) return fmt::format("{}", integer->get());
  if (const auto* number = value.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* yes_no = value.as_boolean()) return yes_no->get() ? "yes" : "no";
  bad_file(file, line_of(value.source()), fmt::format("{} must be a text, a number, true or false", name));
}

std::vector<Setting> settings_of(const toml::table& table, const std::filesystem::path& file) {
  std::vector<Placed> placed;
  flatten(table, "", file, placed);
  // toml++ keeps keys sorted by name; messages should speak of the first mistake in the file.
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.line < b.line; });
  std::vector<Setting> settings;
  settings.reserve(placed.size());
  for (Placed& each : placed) settings.push_back(std::move(each.setting));
  return settings;
}

toml::table parse_toml(std::string_view text, const std::filesystem::path& file) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    bad_file(file, line_of(error.source()), fmt::format("not TOML: {}", error.description()));
  }
}

}  // namespace gossan
