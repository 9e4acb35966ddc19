#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "experiment/embedded.hpp"
#include "experiment/toml_reader.hpp"
#include "gossan/io.hpp"
#include "gossan/reproduction.hpp"

namespace gossan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".toml";

const EmbeddedFile* find_embedded(const std::string& name) {
  const auto& files = embedded_files();
  const auto at = std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  return at == files.end() ? nullptr : &*at;
}

// The two files of a reproduction, from the program or from disk.
struct Source {
  fs::path config_file, expected_file;
  std::string config, expected;  // expected: empty where there is none
};

Source find_source(const std::string& name) {
  Source source;
  if (name.ends_with(extension)) {
    source.config_file = name;
    source.expected_file = source.config_file.parent_path() / "expected.json";
    source.config = read_text(source.config_file);
    if (fs::exists(source.expected_file)) source.expected = read_text(source.expected_file);
    return source;
  }
  const EmbeddedFile* config = find_embedded(name + std::string(extension));
  if (config == nullptr) {
    std::string message = fmt::format("no reproduction '{}'", name);
    if (const std::string close = nearest(name, reproduction_names()); !close.empty())
      message += fmt::format(", did you mean '{}'?", close);
    throw std::invalid_argument(message);
  }
  source.config_file = config->name;
  source.expected_file = source.config_file.parent_path() / "expected.json";
  source.config = config->text;
  if (const auto* expected = find_embedded(source.expected_file.string())) source.expected = expected->text;
  return source;
}

void add(Settings& settings, const Settings& more) { settings.insert(settings.end(), more.begin(), more.end()); }

Settings instance_and_run(TomlReader& reader) {
  Settings settings = reader.settings("instance");
  add(settings, reader.settings("run"));
  add(settings, reader.settings("probe"));
  add(settings, reader.settings("phase"));
  return settings;
}

// Values of one setting.
std::vector<Variant> read_values(const toml::table& table, const fs::path& file, std::string_view key,
                                 const std::vector<std::string>& instead = {}) {
  TomlReader reader(table, file, fmt::format(" in [{}]", key));
  const std::string parameter = reader.text("parameter", "");
  const std::vector<std::string> values = reader.texts("values");
  reader.end();
  if (parameter.empty()) reader.bad("parameter", "the name of a setting, as in \"instance.measurements\"");
  if (values.empty()) reader.bad("values", "a list of values");
  std::vector<Variant> points;
  for (const std::string& value : instead.empty() ? values : instead) points.push_back({value, {{parameter, value}}});
  return points;
}

// The places of a small version; all where none are named.
void keep_named(std::vector<Variant>& points, const std::vector<std::string>& names, const fs::path& file) {
  if (names.empty()) return;
  for (const std::string& name : names) {
    const auto same = [&](const Variant& point) { return point.name == name; };
    if (std::none_of(points.begin(), points.end(), same)) bad_file(file, "[small]", fmt::format("there is no place '{}'", name));
  }
  std::erase_if(points, [&](const Variant& point) { return std::find(names.begin(), names.end(), point.name) == names.end(); });
}

// Named tables of settings.
std::vector<Variant> read_variants(const toml::array& tables, const fs::path& file, const std::string& key) {
  std::vector<Variant> variants;
  for (const toml::node& each : tables) {
    TomlReader reader(*each.as_table(), file, fmt::format(" in [[{}]]", key));
    Variant variant{reader.text("name", ""), instance_and_run(reader)};
    reader.end();
    const auto same = [&](const Variant& other) { return other.name == variant.name; };
    if (variant.name.empty() || std::any_of(variants.begin(), variants.end(), same)) reader.bad("name", "a name of its own");
    variants.push_back(std::move(variant));
  }
  return variants;
}

Reproduction read_config(const Source& source, bool small) {
  const toml::table table = parse_toml(source.config, source.config_file);
  TomlReader reader(table, source.config_file, "");
  Reproduction made;
  made.title = reader.text("title", source.config_file.stem().string());
  made.about = reader.text("about", "");
  made.chart = reader.text("chart", made.chart);
  made.x_label = reader.text("x_label", "");
  made.y_label = reader.text("y_label", "");
  made.y = table["y"].is_array() ? reader.texts("y") : std::vector{reader.text("y", "error")};
  Experiment& experiment = made.experiment;
  experiment.trials = reader.count("trials", 1);
  experiment.seed = static_cast<std::uint64_t>(reader.count("seed", 0));
  experiment.settings = instance_and_run(reader);
  std::vector<std::string> few;
  if (const toml::table* inner = reader.table("small")) {
    TomlReader less(*inner, source.config_file, " in [small]");
    const Index trials = less.count("trials", experiment.trials);
    const auto values = less.texts("values");
    less.end();
    if (small) experiment.trials = trials;
    if (small) few = values;
  }
  if (table["points"].is_array()) {
    experiment.points = read_variants(*reader.tables("points"), source.config_file, "points");
    keep_named(experiment.points, few, source.config_file);
  } else if (const toml::table* points = reader.table("points")) {
    experiment.points = read_values(*points, source.config_file, "points", few);
  }
  if (table["series"].is_array()) {
    experiment.series = read_variants(*reader.tables("series"), source.config_file, "series");
  } else if (const toml::table* series = reader.table("series")) {
    experiment.series = read_values(*series, source.config_file, "series");
  }
  reader.end();
  if (made.chart != "courses" && made.chart != "points" && made.chart != "map") reader.bad("chart", "courses, points or map");
  if (made.chart == "map" && std::find(made.y.begin(), made.y.end(), "slope") != made.y.end())
    reader.bad("y", "quantities that are never negative, for a map");
  return made;
}

std::vector<Expected> read_expected(const nlohmann::json& values) {
  std::vector<Expected> list;
  for (const auto& each : values) {
    Expected expected;
    expected.series = each.value("series", "");
    expected.point = each.value("point", "");
    expected.quantity = each.at("quantity").get<std::string>();
    expected.paper = each.at("paper").get<double>();
    expected.factor = each.value("factor", 0.0);
    expected.tolerance = each.value("tolerance", 0.0);
    expected.matches = each.value("matches", true);
    list.push_back(std::move(expected));
  }
  return list;
}

void add_expected(const Source& source, Reproduction& made) {
  if (source.expected.empty()) return;
  try {
    const auto json = nlohmann::json::parse(source.expected);
    const std::string name = source.config_file.stem().string();
    if (!json.contains(name)) return;
    made.source = json.at(name).value("source", "");
    made.expected = read_expected(json.at(name).at("values"));
  } catch (const nlohmann::json::exception& error) {
    bad_file(source.expected_file, "", fmt::format("is not as docs/reproduce.md describes it: {}", error.what()));
  }
}

// Numbers of cells and quantities that there are, in the whole experiment.
void check_names(const Source& source, const Reproduction& made) {
  const Experiment whole = read_config(source, false).experiment;
  const auto has = [](const std::vector<Variant>& variants, const std::string& name) {
    return std::any_of(variants.begin(), variants.end(), [&](const Variant& each) { return each.name == name; });
  };
  const auto require_quantity = [&](const std::string& name, const fs::path& file) {
    try {
      quantity({}, name);
    } catch (const std::invalid_argument& error) {
      bad_file(file, made.name, error.what());
    }
  };
  for (const std::string& y : made.y) require_quantity(y, source.config_file);
  for (const Expected& each : made.expected) {
    if (!has(whole.series, each.series) || !has(whole.points, each.point))
      bad_file(source.expected_file, made.name, fmt::format("there is no line '{}' with a place '{}'", each.series, each.point));
    require_quantity(each.quantity, source.expected_file);
  }
}

}  // namespace

std::vector<std::string> reproduction_names() {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    if (file.name.ends_with(extension)) names.push_back(file.name.substr(0, file.name.size() - extension.size()));
  }
  return names;
}

std::string reproduction_title(const std::string& name) { return read_config(find_source(name), false).title; }

Reproduction read_reproduction(const std::string& name_or_file, bool small) {
  const Source source = find_source(name_or_file);
  Reproduction made = read_config(source, small);
  made.name = name_or_file.ends_with(extension) ? source.config_file.stem().string() : name_or_file;
  add_expected(source, made);
  check_names(source, made);
  return made;
}

}  // namespace gossan
