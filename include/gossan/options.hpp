// Options list their fields once. Help texts, command-line parsing, config files, the run record and Python keywords all walk
// that list, so that an option is named, bounded and explained in one place.
#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

// One option of a struct: its name (lower_case, '-' read as '_'), where its value lives, what it means and what it may be.
// Bounds are inclusive unless marked. Numbers are finite; NaN stands for an unset number and is refused where there are bounds.
struct Field {
  std::string name;
  std::variant<double*, Index*, std::uint64_t*, bool*, std::string*> value;
  std::string help;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices = {};  // strings only; empty: any text
  bool above = false;                     // the value must exceed `least`
  bool below = false;                     // the value must stay under `most`
};
using Fields = std::vector<Field>;

// Values by name, in the order given; numbers travel as text so that one path parses and checks them all.
using Settings = std::vector<std::pair<std::string, std::string>>;

// The option `seed` of whatever draws random numbers.
Field seed_field(std::uint64_t* value);

// One field as the help and the run record see it.
struct FieldView {
  std::string name;
  std::string type;   // "number", "integer", "yes/no", "text"
  std::string value;  // the present value as text; empty for an unset number (NaN) or text
  std::string help;
  std::string range;  // "in [0, 1)", "one of a, b", or empty
};
std::vector<FieldView> view(const Fields& fields);

// Sets field `name` from text. Throws std::invalid_argument naming `who`, the field, the value and the bound; an unknown name
// is answered with the nearest known one.
void assign(const Fields& fields, std::string_view name, std::string_view text, std::string_view who);
void assign(const Fields& fields, const Settings& settings, std::string_view who);

// Checks every present value against its bounds: what a factory does once with options filled in C++.
void check(const Fields& fields, std::string_view who);

// The known name nearest to `name` by edit distance, or empty when none is close.
std::string nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace gossan
