#include "gossan/options.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <type_traits>

namespace gossan {
namespace {

template <class Number>
std::string text_of(Number value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string present_value(const Field& field) {
  return std::visit(
      [](auto* value) -> std::string {
        using Value = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          return *value;
        } else if constexpr (std::is_same_v<Value, bool>) {
          return *value ? "yes" : "no";
        } else if constexpr (std::is_same_v<Value, double>) {
          return std::isnan(*value) ? std::string() : text_of(*value);
        } else {
          return text_of(*value);
        }
      },
      field.value);
}

std::string type_name(const Field& field) {
  if (std::holds_alternative<double*>(field.value)) return "number";
  if (std::holds_alternative<bool*>(field.value)) return "yes/no";
  if (std::holds_alternative<std::string*>(field.value)) return "text";
  return "integer";
}

bool bounded_below(const Field& field) { return std::isfinite(field.least); }
bool bounded_above(const Field& field) { return std::isfinite(field.most); }

std::string range_text(const Field& field) {
  if (!field.choices.empty()) {
    std::string text = "one of ";
    for (std::size_t i = 0; i < field.choices.size(); ++i) text += (i == 0 ? "" : ", ") + field.choices[i];
    return text;
  }
  if (bounded_below(field) && bounded_above(field)) {
    return std::string("in ") + (field.above ? "(" : "[") + text_of(field.least) + ", " + text_of(field.most) +
           (field.below ? ")" : "]");
  }
  if (bounded_below(field)) return (field.above ? "> " : ">= ") + text_of(field.least);
  if (bounded_above(field)) return (field.below ? "< " : "<= ") + text_of(field.most);
  return "";
}

[[noreturn]] void refuse(const Field& field, std::string_view who, std::string_view value, std::string_view expectation) {
  throw std::invalid_argument("option '" + field.name + "' of " + std::string(who) + ": value '" + std::string(value) +
                              "' must be " + std::string(expectation));
}

bool within(const Field& field, double value) {
  const bool high_enough = field.above ? value > field.least : value >= field.least;
  const bool low_enough = field.below ? value < field.most : value <= field.most;
  return high_enough && low_enough;
}

void check_field(const Field& field, std::string_view who) {
  const auto check_number = [&](double value) {
    const bool unset = std::isnan(value) && !bounded_below(field) && !bounded_above(field);
    if (unset) return;
    if (!std::isfinite(value)) refuse(field, who, text_of(value), "a finite number");
    if (!within(field, value)) refuse(field, who, present_value(field), range_text(field));
  };
  std::visit(
      [&](auto* value) {
        using Value = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          const bool known =
              field.choices.empty() || std::find(field.choices.begin(), field.choices.end(), *value) != field.choices.end();
          if (known) return;
          const std::string close = nearest(*value, field.choices);
          refuse(field, who, *value, range_text(field) + (close.empty() ? "" : "; did you mean '" + close + "'?"));
        } else if constexpr (!std::is_same_v<Value, bool>) {
          check_number(static_cast<double>(*value));
        }
      },
      field.value);
}

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// The whole of `text` as a number, whatever the locale; empty when it is none.
template <class Number>
std::optional<Number> parse_number(const Field& field, std::string_view who, std::string_view text) {
  std::string_view digits = trimmed(text);
  if (digits.size() > 1 && digits.front() == '+' && digits[1] != '-') digits.remove_prefix(1);
  Number number{};
  const char* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ptr != end || digits.empty()) return std::nullopt;
  if (parsed.ec == std::errc::result_out_of_range) refuse(field, who, text, "a number that this machine can hold");
  if (parsed.ec != std::errc()) return std::nullopt;
  return number;
}

std::optional<bool> parse_truth(std::string_view text) {
  const std::string word = lower_case(trimmed(text));
  if (word == "yes" || word == "true" || word == "1") return true;
  if (word == "no" || word == "false" || word == "0") return false;
  return std::nullopt;
}

void assign_text(const Field& field, std::string_view text, std::string_view who) {
  std::visit(
      [&](auto* value) {
        using Value = std::remove_pointer_t<decltype(value)>;
        if constexpr (std::is_same_v<Value, std::string>) {
          *value = std::string(text);
        } else if constexpr (std::is_same_v<Value, bool>) {
          const auto truth = parse_truth(text);
          if (!truth) refuse(field, who, text, "yes or no");
          *value = *truth;
        } else {
          const auto number = parse_number<Value>(field, who, text);
          constexpr bool whole = std::is_integral_v<Value>;
          constexpr bool natural = std::is_unsigned_v<Value>;
          if (!number) refuse(field, who, text, natural ? "a whole number >= 0" : whole ? "a whole number" : "a number");
          if constexpr (!whole) {
            if (!std::isfinite(*number)) refuse(field, who, text, "a finite number");
          }
          *value = *number;
        }
      },
      field.value);
  check_field(field, who);
}

std::string folded(std::string_view name) {
  std::string fold = lower_case(name);
  std::replace(fold.begin(), fold.end(), '-', '_');
  return fold;
}

// Insertions, deletions, substitutions and swaps of neighbours that turn a into b (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      const bool same = a[i - 1] == b[j - 1];
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (same ? 0U : 1U)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& known) {
  // Nobody mistypes hundreds of letters; the bound keeps hostile input from costing quadratic time.
  constexpr std::size_t longest = 100;
  const std::string wanted = folded(name.substr(0, longest));
  std::string best;
  std::size_t least = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& each : known) {
    const std::size_t distance = edit_distance(wanted, folded(each));
    if (distance < least) {
      least = distance;
      best = each;
    }
  }
  if (!best.empty() || wanted.size() < 2) return best;
  for (const std::string& each : known) {
    if (folded(each).starts_with(wanted)) return each;
  }
  return best;
}

Field seed_field(std::uint64_t* value) { return {.name = "seed", .value = value, .help = "seed of the random numbers"}; }

std::vector<FieldView> view(const Fields& fields) {
  std::vector<FieldView> views;
  views.reserve(fields.size());
  for (const Field& field : fields) {
    views.push_back({field.name, type_name(field), present_value(field), field.help, range_text(field)});
  }
  return views;
}

void assign(const Fields& fields, std::string_view name, std::string_view text, std::string_view who) {
  std::vector<std::string> known;
  for (const Field& field : fields) {
    if (folded(field.name) == folded(name)) return assign_text(field, text, who);
    known.push_back(field.name);
  }
  std::string message = std::string(who) + " has no option '" + std::string(name) + "'";
  const std::string close = nearest(name, known);
  if (!close.empty()) message += ", did you mean '" + close + "'?";
  message += known.empty() ? "; it takes none" : " Known:";
  for (const std::string& each : known) message += " " + each;
  throw std::invalid_argument(message);
}

void assign(const Fields& fields, const Settings& settings, std::string_view who) {
  for (const auto& [name, text] : settings) assign(fields, name, text, who);
}

void check(const Fields& fields, std::string_view who) {
  for (const Field& field : fields) check_field(field, who);
}

}  // namespace gossan
