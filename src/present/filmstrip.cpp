#include "present/filmstrip.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "gossan/frames.hpp"
#include "gossan/present.hpp"
#include "gossan/rpca.hpp"

namespace gossan {
namespace {

std::uint8_t to_byte(double value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))); }

constexpr Index shown_width = 224;
constexpr Index shown_frames = 6;

// Shrunk by whole numbers: each shown pixel is the mean of a square.
Picture shrunk(const Frames& size, std::span<const std::uint8_t> frame, std::string caption) {
  const Index by = std::max<Index>(1, (size.width + shown_width - 1) / shown_width);
  Picture picture{.caption = std::move(caption),
                  .width = std::max<Index>(1, size.width / by),
                  .height = std::max<Index>(1, size.height / by),
                  .channels = size.channels};
  for (Index y = 0; y < picture.height; ++y)
    for (Index x = 0; x < picture.width; ++x)
      for (Index c = 0; c < size.channels; ++c) {
        double sum = 0;
        Index count = 0;
        for (Index dy = 0; dy < by && y * by + dy < size.height; ++dy)
          for (Index dx = 0; dx < by && x * by + dx < size.width; ++dx, ++count)
            sum += frame[static_cast<std::size_t>(((y * by + dy) * size.width + x * by + dx) * size.channels + c)];
        picture.pixels.push_back(to_byte(sum / static_cast<double>(count)));
      }
  return picture;
}

}  // namespace

FrameParts frame_parts(const Frames& frames, const Decomposed& found, Index t) {
  const Index values = frames.values(), channels = frames.channels;
  const Vector background = found.L * found.R.row(t).transpose();
  const std::span<const std::uint8_t> input = frames.frame(t);
  FrameParts parts;
  parts.background.resize(static_cast<std::size_t>(values));
  parts.foreground.assign(static_cast<std::size_t>(values), 0);
  parts.mask.assign(static_cast<std::size_t>(values), 0);
  for (Index pixel = 0; pixel < values; pixel += channels) {
    bool flagged = false;
    for (Index i = pixel; i < pixel + channels; ++i)
      flagged = flagged || found.outliers[static_cast<std::size_t>(i * frames.count + t)];
    for (Index i = pixel; i < pixel + channels; ++i) {
      const auto at = static_cast<std::size_t>(i);
      parts.background[at] = to_byte(background(i));
      if (!flagged) continue;
      parts.foreground[at] = input[at];
      parts.mask[at] = 255;
    }
  }
  return parts;
}

Filmstrip filmstrip(const Frames& frames, const Decomposed& found) {
  Filmstrip strip{.title = "Frames"};
  strip.rows = {{"input", {}}, {"background", {}}, {"foreground", {}}, {"mask", {}}};
  const Index shown = std::min(shown_frames, frames.count);
  for (Index k = 0; k < shown; ++k) {
    const Index t = (2 * k + 1) * frames.count / (2 * shown);
    const FrameParts parts = frame_parts(frames, found, t);
    const std::string caption = fmt::format("frame {}", t + 1);
    strip.rows[0].second.push_back(shrunk(frames, frames.frame(t), caption));
    strip.rows[1].second.push_back(shrunk(frames, parts.background, caption));
    strip.rows[2].second.push_back(shrunk(frames, parts.foreground, caption));
    strip.rows[3].second.push_back(shrunk(frames, parts.mask, caption));
  }
  strip.text = fmt::format(
      "{} of {} frames. The background is the matrix of rank {}; the foreground is what the input shows where it is further than "
      "{:.3g} from it.",
      shown, frames.count, found.rank, found.outlier_cut);
  return strip;
}

}  // namespace gossan
