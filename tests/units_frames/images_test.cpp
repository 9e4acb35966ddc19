#include "frames_testing.hpp"

namespace gossan::testing {
namespace {

using ImagesTest = FramesTest;

TEST_F(ImagesTest, GreyPixelsComeExactlyAndInNaturalOrder) {
  for (const Index t : {0, 1, 2, 9, 10, 11}) write_bytes(folder / ("f" + std::to_string(t) + ".pgm"), pgm(7, 5, t));
  write_bytes(folder / "readme.txt", {'x'});
  const LoadedFrames loaded = read_frames(folder);
  EXPECT_EQ(loaded.frames.width, 7);
  EXPECT_EQ(loaded.frames.height, 5);
  ASSERT_EQ(loaded.frames.count, 6);
  const std::vector<Index> order{0, 1, 2, 9, 10, 11};
  for (Index k = 0; k < 6; ++k)
    for (Index y = 0; y < 5; ++y)
      for (Index x = 0; x < 7; ++x)
        ASSERT_EQ(loaded.frames.frame(k)[static_cast<std::size_t>(7 * y + x)], pattern(order[static_cast<std::size_t>(k)], y, x));
}

TEST_F(ImagesTest, ColourComesExactly) {
  for (const Index t : {0, 1}) write_bytes(folder / (std::to_string(t) + ".bmp"), bmp(6, 4, t));
  const LoadedFrames loaded = read_frames(folder, {.colour = true});
  EXPECT_EQ(loaded.frames.channels, 3);
  EXPECT_EQ(loaded.frames.bytes, patterned(6, 4, 2, 3).bytes);
}

TEST_F(ImagesTest, StrideTakesEveryFourth) {
  for (Index t = 0; t < 10; ++t) write_bytes(folder / (std::to_string(t) + ".pgm"), pgm(3, 3, t));
  const LoadedFrames loaded = read_frames(folder, {.stride = 4});
  ASSERT_EQ(loaded.frames.count, 3);
  EXPECT_EQ(loaded.source.names, (std::vector<std::string>{"0.pgm", "4.pgm", "8.pgm"}));
  EXPECT_EQ(loaded.frames.frame(2)[4], pattern(8, 1, 1));
}

TEST_F(ImagesTest, ScaleHalvesByAveraging) {
  write_bytes(folder / "0.pgm", [] {
    Bytes bytes = pgm(8, 8, 0);
    for (Index k = 0; k < 64; ++k) bytes[bytes.size() - 64 + static_cast<std::size_t>(k)] = k % 2 == 0 ? 40 : 60;
    return bytes;
  }());
  const LoadedFrames loaded = read_frames(folder, {.scale = .5});
  ASSERT_EQ(loaded.frames.values(), 16);
  for (const std::uint8_t each : loaded.frames.bytes) EXPECT_NEAR(each, 50, 1);
}

TEST_F(ImagesTest, RowsOfTheTableAreThePixelsOverTime) {
  const Frames frames = patterned(31, 19, 5);
  std::vector<double> all(static_cast<std::size_t>(frames.values() * 5));
  frames.read(0, all);
  std::vector<double> part(300 * 5);
  frames.read(200, part);
  for (Index i = 0; i < frames.values(); ++i)
    for (Index t = 0; t < 5; ++t) {
      ASSERT_EQ(all[static_cast<std::size_t>(5 * i + t)], pattern(t, i / 31, i % 31));
      if (i >= 200 && i < 500) {
        ASSERT_EQ(part[static_cast<std::size_t>(5 * (i - 200) + t)], pattern(t, i / 31, i % 31));
      }
    }
}

TEST_F(ImagesTest, AreWrittenAsTheyWereNamed) {
  std::filesystem::create_directory(folder / "in");
  for (const Index t : {0, 1, 2}) {
    write_bytes(folder / "in" / ("g" + std::to_string(t) + ".pgm"), pgm(9, 4, t));
  }
  const LoadedFrames loaded = read_frames(folder / "in");
  const auto written = write_all(folder, "background", loaded.source, loaded.frames);
  for (const Index t : {0, 1, 2}) EXPECT_EQ(bytes_of(written / ("g" + std::to_string(t) + ".pgm")), pgm(9, 4, t));
}

TEST_F(ImagesTest, LosslessFormatsComeBackExactly) {
  for (const char* const extension : {".png", ".bmp", ".ppm"}) {
    const Frames frames = patterned(10, 6, 2, 3);
    const std::string codec(extension + 1);
    const FramesSource source{
        .images = true, .codec = codec, .names = {std::string("a") + extension, std::string("b") + extension}};
    const auto written = write_all(folder, codec, source, frames);
    const LoadedFrames again = read_frames(written, {.colour = true});
    EXPECT_EQ(again.frames.bytes, frames.bytes) << extension;
    EXPECT_EQ(again.source.codec, codec);
  }
}

TEST_F(ImagesTest, OfDifferentSizesAreRefusedByName) {
  write_bytes(folder / "0.pgm", pgm(7, 5, 0));
  write_bytes(folder / "1.pgm", pgm(7, 6, 0));
  EXPECT_EQ(refusal([&] { read_frames(folder); }), (folder / "1.pgm").string() + ": is 7 x 6, expected 7 x 5 as the first");
}

TEST_F(ImagesTest, FoldersWithoutImagesAreRefused) {
  EXPECT_NE(refusal([&] { read_frames(folder); }).find("has no image"), std::string::npos);
  EXPECT_NE(refusal([&] { read_frames(folder / "missing.avi"); }).find("no such file"), std::string::npos);
}

// Every cut, and many changed bytes: refused or read, never a crash; and never a picture in place of half a one.
TEST_F(ImagesTest, DamagedImagesAreRefusedOrRead) {
  for (const Bytes& whole : {pgm(8, 5, 0), bmp(8, 5, 0)}) {
    const std::filesystem::path file = folder / (whole[0] == 'P' ? "x.pgm" : "x.bmp");
    for (std::size_t size = 0; size < whole.size(); size += 3) {
      write_bytes(file, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      EXPECT_NE(refusal([&] { read_frames(folder); }), "not refused") << file << " cut at " << size;
    }
    for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 60); ++at)
      for (const int value : {0, 1, 127, 128, 255}) {
        Bytes changed = whole;
        changed[at] = static_cast<std::uint8_t>(value);
        write_bytes(file, changed);
        try {
          const Frames frames = read_frames(folder, {}, 1 << 20).frames;
          EXPECT_EQ(static_cast<Index>(frames.bytes.size()), frames.values());
        } catch (const BadFile&) {
        }
      }
    std::filesystem::remove(file);
  }
}

TEST_F(ImagesTest, MoreThanTheMemoryAllowsIsRefusedWithAdvice) {
  write_bytes(folder / "0.pgm", pgm(100, 100, 0));
  EXPECT_NE(refusal([&] { read_frames(folder, {}, 9999); }).find("--stride"), std::string::npos);
  EXPECT_EQ(read_frames(folder, {}, 10000).frames.count, 1);
}

TEST_F(ImagesTest, BadOptionsAreTheCallersFault) {
  EXPECT_THROW(read_frames(folder, {.stride = 0}), std::invalid_argument);
  EXPECT_THROW(read_frames(folder, {.scale = 0}), std::invalid_argument);
}

}  // namespace
}  // namespace gossan::testing
