// From a decoded picture to bytes of grey or of red, green and blue, in the size asked for.
#pragma once

#include <cstdint>
#include <span>

#include "frames/libav.hpp"
#include "gossan/matrix.hpp"

namespace gossan::framing {

void set_ranges(SwsContext* scaler, bool source_full, bool target_full);

class Converter {
 public:
  Converter(Index width, Index height, bool colour) : width_(width), height_(height), colour_(colour) {}
  // out: width * height * channels bytes. False where FFmpeg cannot convert from that kind of pixels.
  bool convert(const AVFrame& picture, std::span<std::uint8_t> out);

 private:
  Index width_, height_;
  bool colour_;
  ScalerPtr scaler_;
  FramePtr to_ = new_frame();
};

}  // namespace gossan::framing
