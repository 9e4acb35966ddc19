// From arguments to options. Options are declared by their Fields alone: names, bounds, choices, defaults and help come from
// there. What is set in several places is decided so: default, then --config, then --set, then the option itself.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "gossan/io.hpp"
#include "gossan/options.hpp"
#include "gossan/present.hpp"
#include "verbs.hpp"

namespace gossan::cli {

std::string option_name(std::string field);  // "memory_limit" is --memory-limit

class Parser {
 public:
  Parser(std::string command, std::string help, std::string examples);

  void input(std::string name, std::string* value, std::string help);
  void optional_input(std::string name, std::string* value, std::string help);
  void options(std::string group, Fields fields);
  // Options of the parts chosen by name ("schedule.step"): where they go, and the names known once the parts are chosen.
  void settings(Settings* settings, std::function<std::vector<std::string>()> known);
  // --name VALUE, short for --set key=VALUE.
  void shorthand(std::string name, std::string key, std::string help);

  // False when --help was asked for and printed. Throws std::invalid_argument on wrong usage, naming the nearest known option.
  bool parse(const Arguments& arguments);

  std::vector<FieldView> values() const;  // every option with its present value
  RunRecord record() const;               // these, as they are written here, and the versions of all parts

 private:
  struct Input {
    std::string name, help;
    std::string* value = nullptr;
    bool required = true;
  };
  struct Group {
    std::string name;
    Fields fields;
  };
  struct Shorthand {
    std::string name, key, help;
  };
  struct Given;  // what stood on the command line

  void assign_all(const Given& given);
  const Fields* group_with(const std::string& field) const;
  std::vector<std::string> option_names() const;
  [[noreturn]] void refuse_surplus(const std::string& argument) const;

  std::string command_, help_, examples_;
  std::vector<Input> inputs_;
  std::vector<Group> groups_;
  std::vector<Shorthand> shorthands_;
  Settings* settings_ = nullptr;
  std::function<std::vector<std::string>()> known_settings_;
};

}  // namespace gossan::cli
