// Bytes of grey or of red, green and blue to packets of a codec.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "frames/libav.hpp"
#include "gossan/frames.hpp"

namespace gossan::framing {

struct EncoderOptions {
  int width = 0, height = 0, channels = 1;
  AVRational frame_seconds = {1, 25};  // from frame to frame
  bool global_header = false;          // the container wants the codec's header in its own
};

class Encoder {
 public:
  using Deliver = std::function<void(AVPacket& packet)>;

  // Null where this FFmpeg has no such encoder, or it does not take such frames.
  static std::unique_ptr<Encoder> open(AVCodecID id, const EncoderOptions& options);

  // Both throw std::runtime_error in words where encoding fails. finish(): whatever the encoder still holds.
  void add(std::span<const std::uint8_t> frame, const Deliver& deliver);
  void finish(const Deliver& deliver);
  const AVCodecContext& context() const { return *codec_; }
  std::string name() const { return libav().avcodec_get_name(codec_->codec_id); }

 private:
  Encoder() = default;
  void send(const AVFrame* frame, const Deliver& deliver);

  CodecPtr codec_;
  ScalerPtr scaler_;
  FramePtr frame_ = new_frame();
  PacketPtr packet_ = new_packet();
  std::vector<std::uint8_t> roomy_;  // a copy of the frame, with room behind it
  int channels_ = 1;
  std::int64_t sent_ = 0;
};

}  // namespace gossan::framing
