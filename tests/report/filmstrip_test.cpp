// Pictures of the page, read back by FFmpeg's decoder.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "gossan/frames.hpp"
#include "gossan/report.hpp"

namespace gossan {
namespace {

Picture patterned(Index width, Index height, Index channels) {
  Picture picture{.caption = "frame 1", .width = width, .height = height, .channels = channels};
  for (Index k = 0; k < width * height * channels; ++k) picture.pixels.push_back(static_cast<std::uint8_t>(k * k % 251));
  return picture;
}

std::string from_base64(const std::string& text) {
  const std::string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0, have = 0;
  for (const char letter : text) {
    if (letter == '=') break;
    bits = bits << 6U | static_cast<unsigned>(letters.find(letter));
    have += 6;
    if (have >= 8) {
      have -= 8;
      bytes += static_cast<char>(bits >> have & 0xFFU);
    }
  }
  return bytes;
}

TEST(Filmstrip, PicturesComeBackExactly) {
  if (!has_video()) GTEST_SKIP() << "this build has no video";
  const auto folder = std::filesystem::temp_directory_path() / ("gossan-filmstrip-" + std::to_string(::getpid()));
  for (const Index channels : {1, 3}) {
    const Picture picture = patterned(13, 7, channels);
    Report report;
    report.filmstrips = {{.title = "Frames", .rows = {{"input", {picture}}}}};
    const std::string page = render_html(report), open = "data:image/png;base64,";
    const std::size_t begin = page.find(open) + open.size();
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "0.png", std::ios::binary) << from_base64(page.substr(begin, page.find('"', begin) - begin));
    const Frames frames = read_frames(folder, {.colour = channels == 3}).frames;
    EXPECT_EQ(frames.width, 13);
    EXPECT_EQ(frames.bytes, picture.pixels) << channels;
    std::filesystem::remove_all(folder);
  }
}

TEST(Filmstrip, HostileLabelsBecomeNoMarkup) {
  const std::string bad = "\"><script>alert(1)</script>";
  Picture picture = patterned(2, 2, 1);
  picture.caption = bad;
  Report report;
  report.filmstrips = {{.title = bad, .rows = {{bad, {picture}}}, .text = bad}};
  EXPECT_EQ(render_html(report).find(bad), std::string::npos);
}

TEST(Filmstrip, PixelsThatDoNotFitTheSizeAreTheCallersFault) {
  Picture picture = patterned(4, 4, 1);
  picture.pixels.pop_back();
  Report report;
  report.filmstrips = {{.rows = {{"input", {picture}}}}};
  EXPECT_THROW(render_html(report), std::invalid_argument);
}

TEST(Filmstrip, PagesWithoutOneHaveNoSectionForIt) { EXPECT_EQ(render_html({}).find("How it looks"), std::string::npos); }

}  // namespace
}  // namespace gossan
