#include <cmath>

#include "frames_testing.hpp"

namespace gossan::testing {
namespace {

using VideoTest = FramesTest;

// Soft enough for any codec: waves that move.
Frames waves(Index width, Index height, Index count, Index channels = 1) {
  Frames frames{.width = width, .height = height, .channels = channels, .count = count};
  for (Index t = 0; t < count; ++t)
    for (Index y = 0; y < height; ++y)
      for (Index x = 0; x < width; ++x)
        for (Index c = 0; c < channels; ++c)
          frames.bytes.push_back(static_cast<std::uint8_t>(
              120 + 60 * std::sin(0.1 * static_cast<double>(x + t)) * std::cos(0.13 * static_cast<double>(y)) +
              10.0 * static_cast<double>(c)));
  return frames;
}

double root_mean_square(const Bytes& a, const Bytes& b) {
  double sum = 0;
  for (std::size_t k = 0; k < a.size(); ++k) sum += std::pow(static_cast<double>(a[k]) - static_cast<double>(b[k]), 2);
  return std::sqrt(sum / static_cast<double>(a.size()));
}

TEST_F(VideoTest, WhatLosesNothingComesBackExactly) {
  const Frames frames = patterned(33, 17, 12);
  const auto file = write_all(folder, "x", {.extension = ".mkv", .codec = "ffv1"}, frames);
  const LoadedFrames again = read_frames(file);
  EXPECT_EQ(again.frames.bytes, frames.bytes);
  EXPECT_EQ(again.frames.count, 12);
  EXPECT_EQ(again.source.codec, "ffv1");
  EXPECT_EQ(again.source.extension, ".mkv");
  EXPECT_EQ(again.source.notice, "");
}

TEST_F(VideoTest, EveryUsualContainerAndCodecComesBackClosely) {
  const std::vector<std::pair<const char*, const char*>> kinds{{".avi", "mpeg4"},   {".avi", "mjpeg"}, {".mp4", "h264"},
                                                               {".mp4", "mpeg4"},   {".mkv", "h264"},  {".mov", "mjpeg"},
                                                               {".avi", "rawvideo"}};
  for (const auto& [extension, codec] : kinds) {
    for (const Index channels : {1, 3}) {
      const Frames frames = waves(64, 48, 10, channels);
      const auto file =
          write_all(folder, std::string(codec) + std::to_string(channels), {.extension = extension, .codec = codec}, frames);
      const LoadedFrames again = read_frames(file, {.colour = channels == 3});
      ASSERT_EQ(again.frames.bytes.size(), frames.bytes.size()) << extension << " " << codec;
      EXPECT_EQ(again.source.codec, codec) << extension;
      EXPECT_LT(root_mean_square(again.frames.bytes, frames.bytes), 3) << extension << " " << codec << " " << channels;
    }
  }
}

TEST_F(VideoTest, ACodecWithoutEncoderHasAStandIn) {
  const Frames frames = waves(64, 48, 6);
  const std::unique_ptr<FramesWriter> writer = write_frames(folder, "x", {.extension = ".avi", .codec = "indeo5"}, frames);
  for (Index t = 0; t < 6; ++t) writer->add(frames.frame(t));
  writer->finish();
  EXPECT_EQ(writer->codec(), "ffv1");
  EXPECT_EQ(read_frames(writer->path()).frames.bytes, frames.bytes);
}

TEST_F(VideoTest, StrideTakesEveryThirdAndSlowsTheRate) {
  const Frames frames = patterned(16, 16, 10);
  const auto file = write_all(folder, "x", {.extension = ".mkv", .codec = "ffv1", .rate = 30, .seconds = 1}, frames);
  const LoadedFrames third = read_frames(file, {.stride = 3});
  ASSERT_EQ(third.frames.count, 4);
  for (Index k = 0; k < 4; ++k)
    EXPECT_EQ(Bytes(third.frames.frame(k).begin(), third.frames.frame(k).end()),
              Bytes(frames.frame(3 * k).begin(), frames.frame(3 * k).end()));
  EXPECT_NEAR(static_cast<double>(third.source.rate) / static_cast<double>(third.source.seconds), 10, .01);
}

TEST_F(VideoTest, OddSizesAreWritten) {
  const Frames frames = waves(37, 23, 4);
  const auto file = write_all(folder, "x", {.extension = ".mp4", .codec = "h264"}, frames);
  EXPECT_EQ(read_frames(file).frames.bytes.size(), frames.bytes.size());
}

TEST_F(VideoTest, ACutVideoGivesTheFramesBeforeTheCut) {
  const Frames frames = patterned(48, 32, 30);
  for (const char* const extension : {".avi", ".mkv"}) {
    const auto file = write_all(folder, "x", {.extension = extension, .codec = "ffv1"}, frames);
    Bytes bytes = bytes_of(file);
    bytes.resize(bytes.size() * 6 / 10);
    write_bytes(file, bytes);
    const LoadedFrames part = read_frames(file);
    EXPECT_GT(part.frames.count, 10) << extension;
    EXPECT_LT(part.frames.count, 25) << extension;
    EXPECT_NE(part.source.notice.find("damaged"), std::string::npos) << extension;
    for (std::size_t k = 0; k < part.frames.bytes.size(); ++k)
      ASSERT_EQ(part.frames.bytes[k], frames.bytes[k]) << extension << " " << k;
  }
}

// Bytes changed all over a file: it is refused, or gives whole frames within the limit; it neither crashes nor hangs.
TEST_F(VideoTest, DamagedVideosAreRefusedOrRead) {
  for (const char* const codec : {"ffv1", "mpeg4", "mjpeg"}) {
    const auto file = write_all(folder, codec, {.extension = ".avi", .codec = codec}, waves(32, 24, 5));
    const Bytes whole = bytes_of(file);
    for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 60) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(~changed[at]);
      write_bytes(file, changed);
      try {
        const Frames frames = read_frames(file, {}, 1 << 20).frames;
        EXPECT_EQ(static_cast<Index>(frames.bytes.size()), frames.values() * frames.count);
      } catch (const BadFile&) {
      }
    }
  }
}

TEST_F(VideoTest, WhatIsNoVideoIsRefused) {
  write_bytes(folder / "x.avi", {'n', 'o', ' ', 'v', 'i', 'd', 'e', 'o'});
  EXPECT_NE(refusal([&] { read_frames(folder / "x.avi"); }).find("is no video"), std::string::npos);
  write_bytes(folder / "empty.avi", {});
  EXPECT_NE(refusal([&] { read_frames(folder / "empty.avi"); }), "not refused");
}

// A playlist would make the reader open what it names.
TEST_F(VideoTest, PlaylistsOpenNothing) {
  const auto file = write_all(folder, "secret", {.extension = ".mkv", .codec = "ffv1"}, patterned(16, 16, 3));
  const std::string hls = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n" + file.string() + "\n#EXT-X-ENDLIST\n";
  const std::string concat = "ffconcat version 1.0\nfile '" + file.filename().string() + "'\n";
  for (const std::string& text : {hls, concat}) {
    write_bytes(folder / "list.avi", Bytes(text.begin(), text.end()));
    EXPECT_NE(refusal([&] { read_frames(folder / "list.avi"); }), "not refused") << text;
  }
}

TEST_F(VideoTest, NothingIsThereBeforeTheEnd) {
  const Frames frames = patterned(16, 16, 3);
  {
    const std::unique_ptr<FramesWriter> writer = write_frames(folder, "x", {.extension = ".avi", .codec = "ffv1"}, frames);
    writer->add(frames.frame(0));
    EXPECT_FALSE(std::filesystem::exists(folder / "x.avi"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(VideoTest, WhereNothingCanBeWrittenSaysWhere) {
  EXPECT_THROW(write_frames(folder / "missing", "x", {.extension = ".avi", .codec = "ffv1"}, patterned(16, 16, 1)),
               std::runtime_error);
  EXPECT_THROW(write_frames(folder, "x", {.extension = ".unheard", .codec = "ffv1"}, patterned(16, 16, 1)), std::runtime_error);
}

}  // namespace
}  // namespace gossan::testing
