#include "report/png.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <stdexcept>

#include "report/html.hpp"

namespace gossan {
namespace {

std::string big_endian(std::size_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFF);
  return bytes;
}

std::string chunk(const std::string& kind, const std::string& data) {
  const std::string body = kind + data;
  const auto* const bytes = reinterpret_cast<const Bytef*>(body.data());
  return big_endian(data.size()) + body + big_endian(crc32(0, bytes, static_cast<uInt>(body.size())));
}

std::string deflated(const std::string& text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
            static_cast<uLong>(text.size()), Z_BEST_COMPRESSION);
  out.resize(size);
  return out;
}

// Each line as differences from the line above (filter 2), which suits pictures and masks.
std::string filtered(const Picture& picture) {
  const auto line = static_cast<std::size_t>(picture.width * picture.channels);
  std::string out;
  out.reserve(picture.pixels.size() + static_cast<std::size_t>(picture.height));
  for (std::size_t at = 0; at < picture.pixels.size(); ++at) {
    if (at % line == 0) out += '\2';
    const int above = at < line ? 0 : picture.pixels[at - line];
    out += static_cast<char>(picture.pixels[at] - above);
  }
  return out;
}

}  // namespace

std::string png_of(const Picture& picture) {
  const auto expected = static_cast<std::size_t>(picture.width * picture.height * picture.channels);
  if (picture.width < 1 || picture.height < 1 || (picture.channels != 1 && picture.channels != 3) ||
      picture.pixels.size() != expected)
    throw std::invalid_argument(fmt::format("render_html: picture '{}' has {} bytes, expected {} x {} x 1 or 3", picture.caption,
                                            picture.pixels.size(), picture.width, picture.height));
  constexpr char depth = 8, grey = 0, rgb = 2;
  std::string header = big_endian(static_cast<std::size_t>(picture.width)) + big_endian(static_cast<std::size_t>(picture.height));
  header += {depth, picture.channels == 3 ? rgb : grey, 0, 0, 0};
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", header) + chunk("IDAT", deflated(filtered(picture))) + chunk("IEND", "");
}

std::string base64(const std::string& bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - at);
    unsigned group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (k < have ? static_cast<unsigned char>(bytes[at + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= have ? letters[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

std::string filmstrip_of(const Filmstrip& strip) {
  std::string rows;
  for (const auto& [label, pictures] : strip.rows) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(label));
    for (const Picture& picture : pictures)
      rows +=
          fmt::format("<td><img alt=\"{}, {}\" width=\"{}\" height=\"{}\" src=\"data:image/png;base64,{}\"></td>",
                      escape_html(label), escape_html(picture.caption), picture.width, picture.height, base64(png_of(picture)));
    rows += "</tr>\n";
  }
  std::string captions;
  if (!strip.rows.empty())
    for (const Picture& picture : strip.rows.front().second)
      captions += fmt::format("<th scope=\"col\">{}</th>", escape_html(picture.caption));
  return fmt::format(
      "<figure class=\"filmstrip\">\n<h3>{}</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
      "aria-label=\"{}\"><table>\n"
      "<thead><tr><td></td>{}</tr></thead>\n<tbody>\n{}</tbody></table></div>\n<figcaption>{}</figcaption>\n</figure>\n",
      escape_html(strip.title), escape_html(strip.title), captions, rows, escape_html(strip.text));
}

}  // namespace gossan
