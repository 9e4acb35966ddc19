// Frames as a table, and which paths are frames.
#include "gossan/frames.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "frames/names.hpp"

namespace gossan {

Fields FramesOptions::fields() {
  return {
      {.name = "stride", .value = &stride, .help = "frames: every stride-th is used, from the first", .least = 1, .most = 1e9},
      {.name = "scale", .value = &scale, .help = "frames: of their width and height", .least = 0, .most = 4, .above = true},
      {.name = "colour", .value = &colour, .help = "frames: red, green and blue as rows of their own, in place of grey"}};
}

// Frames lie one behind the other, and rows run across them: a tile of rows takes each frame's bytes as one run.
void Frames::read(Index first, std::span<double> out) const {
  constexpr Index tile = 256;
  const Index rows = count > 0 ? static_cast<Index>(out.size()) / count : 0;
  for (Index from = 0; from < rows; from += tile) {
    const Index to = std::min(from + tile, rows);
    for (Index t = 0; t < count; ++t) {
      const std::uint8_t* const source = bytes.data() + t * values() + first;
      for (Index i = from; i < to; ++i) out[static_cast<std::size_t>(i * count + t)] = source[i];
    }
  }
}

namespace framing {

std::string extension(const std::filesystem::path& path) {
  std::string text = path.extension().string();
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool names_image(const std::filesystem::path& path) {
  constexpr std::array known{".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".pnm", ".bmp"};
  const std::string mine = extension(path);
  return std::find(known.begin(), known.end(), mine) != known.end();
}

bool naturally_before(const std::string& a, const std::string& b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!digit(a[i]) || !digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i, ++j;
      continue;
    }
    const auto number = [&](const std::string& text, std::size_t& at) {
      while (at + 1 < text.size() && text[at] == '0' && digit(text[at + 1])) ++at;
      const std::size_t from = at;
      while (at < text.size() && digit(text[at])) ++at;
      return text.substr(from, at - from);
    };
    const std::string left = number(a, i), right = number(b, j);
    if (left.size() != right.size()) return left.size() < right.size();
    if (left != right) return left < right;
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;  // "01" and "1": any order, but always the same
}

}  // namespace framing

bool names_frames(const std::filesystem::path& path) {
  constexpr std::array known{".avi",  ".mp4", ".m4v", ".mkv", ".webm", ".mov", ".mpg",
                             ".mpeg", ".wmv", ".flv", ".ogv", ".ts",   ".nut", ".gif"};
  const std::string mine = framing::extension(path);
  std::error_code ignored;
  return std::find(known.begin(), known.end(), mine) != known.end() || std::filesystem::is_directory(path, ignored);
}

}  // namespace gossan
