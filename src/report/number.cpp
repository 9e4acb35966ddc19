#include "report/number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "gossan/report.hpp"

namespace gossan {

namespace {

const char* const minus = "\u2212";

// Separates the thousands of the digits before the point.
std::string with_commas(std::string digits) {
  const auto end = std::min(digits.find('.'), digits.size());
  for (auto at = end; at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string power_of_ten(double magnitude) {
  static const char* const superscript[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  const auto text = fmt::format("{:.3e}", magnitude);  // d.ddde+XX
  auto mantissa = text.substr(0, text.find('e'));
  mantissa.erase(mantissa.find_last_not_of('0') + 1);
  if (mantissa.back() == '.') mantissa.pop_back();
  const int exponent = std::stoi(text.substr(text.find('e') + 1));
  std::string out = mantissa == "1" ? "10" : mantissa + "×10";
  if (exponent < 0) out += "⁻";
  for (const char digit : std::to_string(std::abs(exponent))) out += superscript[digit - '0'];
  return out;
}

std::string format_magnitude(double magnitude) {
  if (magnitude < 1e9 && magnitude == std::floor(magnitude)) return with_commas(fmt::format("{:.0f}", magnitude));
  if (magnitude < 1e-3 || magnitude >= 1e6) return power_of_ten(magnitude);
  const int decimals = std::max(0, 3 - static_cast<int>(std::floor(std::log10(magnitude))));
  auto text = fmt::format("{:.{}f}", magnitude, decimals);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return with_commas(text);
}

}  // namespace

std::string format_number(double value) {
  if (std::isnan(value)) return "not measured";
  const std::string sign = value < 0 ? minus : "";
  return sign + (std::isinf(value) ? "∞" : format_magnitude(std::abs(value)));
}

std::string grouped(Index n) { return fmt::format("{}{}", n < 0 ? "-" : "", with_commas(std::to_string(std::abs(n)))); }

}  // namespace gossan
