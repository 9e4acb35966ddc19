#include "parse/parser.hpp"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <deque>
#include <stdexcept>

#include "parse/versions.hpp"

namespace gossan::cli {

std::string option_name(std::string field) {
  std::replace(field.begin(), field.end(), '_', '-');
  return "--" + field;
}

namespace {

std::string field_name(std::string key) {
  std::replace(key.begin(), key.end(), '-', '_');
  return key;
}

std::string help_of(const FieldView& field) {
  std::string text = field.help;
  if (!field.range.empty()) text += ", " + field.range;
  if (!field.value.empty() && field.type != "yes/no") text += fmt::format(" (default {})", field.value);
  return text;
}

std::string placeholder(const FieldView& field) {
  if (field.type == "integer") return "N";
  return field.type == "number" ? "X" : "TEXT";
}

Setting key_and_value(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw std::invalid_argument(fmt::format("--set '{}': expected key=value", text));
  }
  return {text.substr(0, equals), text.substr(equals + 1), "--set " + text};
}

[[noreturn]] void unknown_key(const Setting& setting, const std::vector<std::string>& known) {
  const bool of_a_part = setting.key.find('.') != std::string::npos;
  std::string message =
      fmt::format("{}: {} '{}'", setting.where, of_a_part ? "no chosen part has the option" : "unknown option", setting.key);
  if (const std::string close = nearest(setting.key, known); !close.empty())
    message += fmt::format(", did you mean '{}'?", close);
  throw std::invalid_argument(message);
}

}  // namespace

struct Parser::Given {
  std::vector<Setting> config, set, named;
};

Parser::Parser(std::string command, std::string help, std::string examples)
    : command_(std::move(command)), help_(std::move(help)), examples_(std::move(examples)) {}

void Parser::input(std::string name, std::string* value, std::string help) {
  inputs_.push_back({std::move(name), std::move(help), value, true});
}

void Parser::optional_input(std::string name, std::string* value, std::string help) {
  inputs_.push_back({std::move(name), std::move(help), value, false});
}

void Parser::options(std::string group, Fields fields) { groups_.push_back({std::move(group), std::move(fields)}); }

void Parser::settings(Settings* settings, std::function<std::vector<std::string>()> known) {
  settings_ = settings;
  known_settings_ = std::move(known);
}

void Parser::shorthand(std::string name, std::string key, std::string help) {
  shorthands_.push_back({std::move(name), std::move(key), std::move(help)});
}

bool Parser::parse(const Arguments& arguments) {
  CLI::App app(help_, command_);
  app.get_formatter()->column_width(34);
  app.footer(examples_);
  app.allow_extras();
  for (const Input& each : inputs_) {
    CLI::Option* option = app.add_option(each.name, *each.value, each.help)->type_name("");
    if (each.required) option->required();
  }
  struct Named {
    CLI::Option* option = nullptr;
    std::string key, text, where;
  };
  std::deque<Named> named;  // CLI11 keeps pointers to the texts
  for (const Group& group : groups_) {
    for (const FieldView& field : view(group.fields)) {
      Named& entry = named.emplace_back();
      entry.key = field.name;
      entry.where = command_;
      if (field.type == "yes/no") {
        entry.option = app.add_flag(option_name(field.name), entry.text, help_of(field));
      } else {
        entry.option = app.add_option(option_name(field.name), entry.text, help_of(field))->type_name(placeholder(field));
      }
      entry.option->group(group.name);
    }
  }
  for (const Shorthand& each : shorthands_) {
    Named& entry = named.emplace_back();
    entry.key = each.key;
    entry.where = each.name;
    entry.option = app.add_option(each.name, entry.text, each.help)->type_name("X");
  }
  std::vector<std::string> set;
  std::string config;
  app.add_option("--set", set, "any option by name, key=value; options of the chosen parts as schedule.step=0.5; repeatable")
      ->expected(1)
      ->take_all()
      ->type_name("KEY=VALUE");
  app.add_option("--config", config, "options from a TOML file; what the command line says goes before it")->type_name("FILE");

  try {
    app.parse(Arguments(arguments.rbegin(), arguments.rend()));  // CLI11 takes them from the back
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return false;
  } catch (const CLI::ParseError& error) {
    // A surplus word is a likelier slip than what CLI11 then finds missing: "--metirc euclidean" swallows the input.
    const auto surplus = app.remaining();
    if (!surplus.empty()) refuse_surplus(surplus.front());
    throw std::invalid_argument(fmt::format("{}; see {} --help", error.what(), command_));
  }
  if (const auto surplus = app.remaining(); !surplus.empty()) refuse_surplus(surplus.front());

  Given given;
  if (!config.empty()) given.config = read_config(config);
  for (const std::string& text : set) given.set.push_back(key_and_value(text));
  for (const Named& entry : named) {
    if (entry.option->count() > 0) given.named.push_back({entry.key, entry.text, entry.where});
  }
  assign_all(given);
  return true;
}

// The plain options first: they choose the parts whose own options the settings are.
void Parser::assign_all(const Given& given) {
  std::vector<Setting> rest;
  for (const auto* layer : {&given.config, &given.set, &given.named}) {
    for (const Setting& setting : *layer) {
      const std::string name = field_name(setting.key);
      const Fields* fields = group_with(name);
      if (fields != nullptr) {
        assign(*fields, name, setting.value, setting.where);
      } else {
        rest.push_back(setting);
      }
    }
  }
  if (rest.empty()) return;
  const auto known = known_settings_ ? known_settings_() : std::vector<std::string>{};
  for (const Setting& setting : rest) {
    const bool is_known = std::find(known.begin(), known.end(), field_name(setting.key)) != known.end();
    if (!is_known) {
      auto all = known;
      for (const Group& group : groups_) {
        for (const Field& field : group.fields) all.push_back(field.name);
      }
      unknown_key(setting, all);
    }
    settings_->emplace_back(field_name(setting.key), setting.value);
  }
}

const Fields* Parser::group_with(const std::string& field) const {
  for (const Group& group : groups_) {
    for (const Field& each : group.fields) {
      if (each.name == field) return &group.fields;
    }
  }
  return nullptr;
}

std::vector<std::string> Parser::option_names() const {
  std::vector<std::string> names = {"--set", "--config", "--help"};
  for (const Group& group : groups_) {
    for (const Field& field : group.fields) names.push_back(option_name(field.name));
  }
  for (const Shorthand& each : shorthands_) names.push_back(each.name);
  return names;
}

void Parser::refuse_surplus(const std::string& argument) const {
  if (!argument.starts_with('-')) {
    throw std::invalid_argument(fmt::format("unexpected argument '{}'; see {} --help", argument, command_));
  }
  const std::string name = argument.substr(0, argument.find('='));
  std::string message = fmt::format("unknown option '{}'", name);
  if (const std::string close = nearest(name, option_names()); !close.empty())
    message += fmt::format(", did you mean '{}'?", close);
  throw std::invalid_argument(message + fmt::format(" See {} --help", command_));
}

RunRecord Parser::record() const { return {.options = values(), .option_prefix = "--", .versions = program_versions()}; }

std::vector<FieldView> Parser::values() const {
  std::vector<FieldView> all;
  for (const Group& group : groups_) {
    const auto views = view(group.fields);
    all.insert(all.end(), views.begin(), views.end());
  }
  return all;
}

}  // namespace gossan::cli
