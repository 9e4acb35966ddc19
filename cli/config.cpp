#include "config.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "gossan/io.hpp"

namespace gossan::cli {
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
    const std::string line = line_of(node.source());
    std::string value;
    if (const auto* text = node.as_string()) {
      value = text->get();
    } else if (const auto* integer = node.as_integer()) {
      value = fmt::format("{}", integer->get());
    } else if (const auto* number = node.as_floating_point()) {
      value = fmt::format("{}", number->get());
    } else if (const auto* yes_no = node.as_boolean()) {
      value = yes_no->get() ? "yes" : "no";
    } else {
      bad_file(file, line, fmt::format("{} must be a text, a number, true or false", name));
    }
    out.push_back({node.source().begin.line, {name, value, fmt::format("{}: {}", file.string(), line)}});
  }
}

}  // namespace

std::vector<Setting> read_config(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  std::vector<Placed> placed;
  try {
    flatten(toml::parse(text), "", file, placed);
  } catch (const toml::parse_error& error) {
    bad_file(file, line_of(error.source()), fmt::format("not TOML: {}", error.description()));
  }
  // toml++ keeps keys sorted by name; messages should speak of the first mistake in the file.
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.line < b.line; });
  std::vector<Setting> settings;
  settings.reserve(placed.size());
  for (Placed& each : placed) settings.push_back(std::move(each.setting));
  return settings;
}

}  // namespace gossan::cli
