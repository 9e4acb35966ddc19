#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "gossan/io.hpp"

namespace gossan {

Array array_of_texts(std::span<const std::string> texts) {
  Array array;
  for (const std::string& text : texts) {
    for (const char each : text) array.values.push_back(static_cast<unsigned char>(each));
    array.values.push_back(0);
  }
  array.shape = {static_cast<Index>(array.values.size())};
  return array;
}

std::vector<std::string> texts_of(const Array& array, const std::filesystem::path& file, std::string_view member) {
  std::vector<std::string> texts;
  std::string text;
  for (const double value : array.values) {
    const bool is_byte = value >= 0 && value <= 255 && value == std::floor(value);
    if (!is_byte) bad_file(file, member, fmt::format("holds {}, expected bytes", value));
    if (value != 0) {
      text.push_back(static_cast<char>(static_cast<unsigned char>(value)));
      continue;
    }
    texts.push_back(std::move(text));
    text.clear();
  }
  if (!text.empty()) bad_file(file, member, "ends within a text");
  return texts;
}

}  // namespace gossan
