// Pictures made here, and files of them written by hand.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "gossan/frames.hpp"
#include "gossan/io.hpp"

namespace gossan::testing {

using Bytes = std::vector<std::uint8_t>;

class FramesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!has_video()) GTEST_SKIP() << "this build has no video";
    folder = std::filesystem::temp_directory_path() / ("gossan-frames-" + std::to_string(::getpid()) + "-" +
                                                       ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder);
  }
  void TearDown() override {
    if (!folder.empty()) std::filesystem::remove_all(folder);
  }
  std::filesystem::path folder;
};

// A value that is different for neighbours, frames and channels.
inline std::uint8_t pattern(Index t, Index y, Index x, Index c = 0) {
  return static_cast<std::uint8_t>((7 * t + 13 * y + 29 * x + 71 * c + x * y) % 256);
}

inline Frames patterned(Index width, Index height, Index count, Index channels = 1) {
  Frames frames{.width = width, .height = height, .channels = channels, .count = count};
  for (Index t = 0; t < count; ++t)
    for (Index y = 0; y < height; ++y)
      for (Index x = 0; x < width; ++x)
        for (Index c = 0; c < channels; ++c) frames.bytes.push_back(pattern(t, y, x, c));
  return frames;
}

inline void write_bytes(const std::filesystem::path& file, const Bytes& bytes) {
  std::ofstream(file, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

inline Bytes bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Bytes pgm(Index width, Index height, Index t) {
  const std::string head = "P5\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
  Bytes bytes(head.begin(), head.end());
  for (Index y = 0; y < height; ++y)
    for (Index x = 0; x < width; ++x) bytes.push_back(pattern(t, y, x));
  return bytes;
}

// 24 bits a pixel: lines bottom up, blue first, each padded to four bytes.
inline Bytes bmp(Index width, Index height, Index t) {
  const Index line = (3 * width + 3) / 4 * 4, size = 54 + line * height;
  Bytes bytes{'B', 'M'};
  const auto number = [&](Index value, int count) {
    for (int k = 0; k < count; ++k) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * k)));
  };
  number(size, 4), number(0, 4), number(54, 4), number(40, 4), number(width, 4), number(height, 4), number(1, 2), number(24, 2);
  number(0, 4), number(line * height, 4), number(0, 4), number(0, 4), number(0, 4), number(0, 4);
  for (Index y = height - 1; y >= 0; --y) {
    for (Index x = 0; x < width; ++x)
      for (Index c = 2; c >= 0; --c) bytes.push_back(pattern(t, y, x, c));
    bytes.resize(bytes.size() + static_cast<std::size_t>(line - 3 * width));
  }
  return bytes;
}

// Writes all of `frames` and returns the path of what was written.
inline std::filesystem::path write_all(const std::filesystem::path& folder, const std::string& name, const FramesSource& source,
                                       const Frames& frames) {
  const std::unique_ptr<FramesWriter> writer = write_frames(folder, name, source, frames);
  for (Index t = 0; t < frames.count; ++t) writer->add(frames.frame(t));
  writer->finish();
  return writer->path();
}

template <class Work>
std::string refusal(Work work) {
  try {
    work();
  } catch (const BadFile& refused) {
    return refused.what();
  }
  return "not refused";
}

}  // namespace gossan::testing
