// The pictures of one file, one after the other.
#pragma once

#include <filesystem>

#include "frames/libav.hpp"
#include "io/regular_file.hpp"

namespace gossan::framing {

class Decoder {
 public:
  // Throws BadFile where the file holds no picture that this FFmpeg can decode.
  explicit Decoder(const std::filesystem::path& file);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  // The next picture, good until the next call; null at the end, and from the first damage on.
  const AVFrame* next();
  // What ended the pictures early, in words; empty at a proper end.
  const std::string& damage() const { return damage_; }

  std::string codec() const { return libav().avcodec_get_name(codec_->codec_id); }
  AVRational rate() const;  // 0 / 1 where the file does not tell
  // Pictures that the file's header claims, 0 where it does not tell.
  std::int64_t announced() const;

 private:
  bool feed();  // gives the decoder one more packet, or the end; false: there is nothing more to give

  std::filesystem::path path_;
  RegularFile file_;
  int descriptor_;
  IoPtr io_;
  AVFormatContext* format_ = nullptr;
  AVStream* stream_ = nullptr;
  CodecPtr codec_;
  FramePtr frame_ = new_frame();
  PacketPtr packet_ = new_packet();
  bool at_end_ = false;
  std::string damage_;
};

}  // namespace gossan::framing
