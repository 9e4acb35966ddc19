// The tables: one explicit list per module of what can be chosen by name. The command line, config files, `gossan describe`,
// Python and the law tests read them; nothing registers itself.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gossan/needs.hpp"
#include "gossan/options.hpp"

namespace gossan {

// A row makes a Product from settings and, where the product depends on it, a context (a schedule on its objective).
template <class Product, class... Context>
struct Row {
  std::string name;
  std::string help;                // one line
  std::vector<FieldView> options;  // with their defaults
  std::function<Product(const Settings&, Context...)> make;
  std::vector<Need> needs = {};  // what it refuses to run without
};

// A row from its options struct (with `Fields fields()`) and its factory.
template <class Options, class Product, class... Context>
Row<Product, Context...> row(std::string name, std::string help, Product (*make)(Options, Context...),
                             std::vector<Need> needs = {}) {
  Options defaults;
  return {name, std::move(help), view(defaults.fields()),
          [name, make](const Settings& settings, Context... context) {
            Options options;
            assign(options.fields(), settings, name);
            return make(options, context...);
          },
          std::move(needs)};
}

// The row called `name`; throws std::invalid_argument with the nearest known name. `kind` says what was looked for ("loss").
template <class AnyRow>
const AnyRow& find(const std::vector<AnyRow>& table, std::string_view name, std::string_view kind) {
  std::vector<std::string> known;
  for (const auto& each : table) {
    if (each.name == name) return each;
    known.push_back(each.name);
  }
  const std::string close = nearest(name, known);
  std::string message = "unknown " + std::string(kind) + " '" + std::string(name) + "'";
  if (!close.empty()) message += ", did you mean '" + close + "'?";
  message += " Known:";
  for (const auto& each : known) message += " " + each;
  throw std::invalid_argument(message);
}

// For rows without options.
struct NoOptions {
  static Fields fields() { return {}; }
};

}  // namespace gossan
