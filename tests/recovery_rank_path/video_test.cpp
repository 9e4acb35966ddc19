// A video made here: a still picture and its shadow under a lamp that flickers, with a block that walks over them.
#include <gtest/gtest.h>

#include "gossan/frames.hpp"
#include "gossan/rpca.hpp"
#include "planted.hpp"

namespace gossan::testing {
namespace {

struct Scene {
  Frames frames;
  std::vector<bool> block;  // rows x frames
};

Scene walking_block() {
  constexpr Index width = 64, height = 48, count = 60, side = 9;
  Scene scene{{.width = width, .height = height, .count = count}, {}};
  scene.block.resize(static_cast<std::size_t>(width * height * count));
  const Random noise(3, 1);
  for (Index t = 0; t < count; ++t) {
    const double lamp = 1 + .25 * std::sin(.9 * static_cast<double>(t));
    const Index left = (t * 2) % (width - side), top = 10 + (t / 3) % 20;
    for (Index y = 0; y < height; ++y)
      for (Index x = 0; x < width; ++x) {
        const Index pixel = y * width + x;
        const bool inside = x >= left && x < left + side && y >= top && y < top + side;
        const double still = 60 + 40 * std::sin(.2 * static_cast<double>(x)) * std::cos(.15 * static_cast<double>(y));
        const double lit = 30 * (1 + std::cos(.1 * static_cast<double>(x + y)));
        const double value = (inside ? 230 : still + lamp * lit) + 2 * noise.normal(t * width * height + pixel);
        scene.frames.bytes.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))));
        scene.block[static_cast<std::size_t>(pixel * count + t)] = inside;
      }
  }
  return scene;
}

TEST(RankPath, AWalkingBlockIsTheForegroundAndNotInTheBackground) {
  const Scene scene = walking_block();
  const Frames& frames = scene.frames;
  const TableRows table{frames.values(), frames.count, [&](Index first, std::span<double> out) { frames.read(first, out); }};
  const Decomposed found = rank_path(table, {});
  EXPECT_EQ(found.rank, 2);  // the picture, and the lamp
  EXPECT_EQ(found.evidence.verdict, Verdict::trusted) << found.evidence.message;
  double inside = 0, hit = 0, outside = 0, alarms = 0, bright = 0;
  for (Index i = 0; i < frames.values(); ++i)
    for (Index t = 0; t < frames.count; ++t) {
      const auto at = static_cast<std::size_t>(i * frames.count + t);
      (scene.block[at] ? inside : outside) += 1;
      hit += scene.block[at] && found.outliers[at] ? 1 : 0;
      alarms += !scene.block[at] && found.outliers[at] ? 1 : 0;
      bright = std::max(bright, found.L.row(i).dot(found.R.row(t)));
    }
  EXPECT_GT(hit / inside, .99);
  EXPECT_LT(alarms / outside, .01);
  EXPECT_LT(bright, 185);  // of 175 at most without the block, which is at 230
}

}  // namespace
}  // namespace gossan::testing
