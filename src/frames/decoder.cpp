#include "frames/decoder.hpp"

#include <algorithm>
#include <new>

#include "gossan/io.hpp"

namespace gossan::framing {
namespace {

// A header can claim any size; this is 8192 x 8192, four times a cinema's.
constexpr std::int64_t most_pixels = std::int64_t{1} << 26;
// Of streams that a container may announce, and of its head that is read to find out what they are.
constexpr int most_streams = 64;
constexpr std::int64_t probed_bytes = 1 << 22;

}  // namespace

Decoder::Decoder(const std::filesystem::path& file)
    : path_(file), file_(file), descriptor_(file_.descriptor()), io_(file_io(descriptor_, false)) {
  quieten();
  format_ = libav().avformat_alloc_context();
  if (format_ == nullptr) throw std::bad_alloc();
  format_->pb = io_.get();
  format_->io_open = open_nothing;
  format_->max_streams = most_streams;
  format_->probesize = probed_bytes;
  // Frees the context where it fails.
  if (const int code = libav().avformat_open_input(&format_, "", nullptr, nullptr); code < 0)
    bad_file(path_, "", "is no video or image: " + libav_error(code));
  try {
    if (const int code = libav().avformat_find_stream_info(format_, nullptr); code < 0)
      bad_file(path_, "", "is no video or image that can be read: " + libav_error(code));
    const AVCodec* decoder = nullptr;
    const int index = libav().av_find_best_stream(format_, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
    if (index == AVERROR_DECODER_NOT_FOUND) bad_file(path_, "", "is of a kind that this FFmpeg has no decoder for");
    if (index < 0) bad_file(path_, "", "holds no pictures");
    stream_ = format_->streams[index];
    codec_.reset(libav().avcodec_alloc_context3(decoder));
    if (codec_ == nullptr) throw std::bad_alloc();
    int code = libav().avcodec_parameters_to_context(codec_.get(), stream_->codecpar);
    codec_->thread_count = 1;
    codec_->max_pixels = most_pixels;
    codec_->flags |= AV_CODEC_FLAG_BITEXACT;
    if (code >= 0) code = libav().avcodec_open2(codec_.get(), decoder, nullptr);
    if (code < 0) bad_file(path_, "", "cannot be decoded: " + libav_error(code));
  } catch (...) {
    libav().avformat_close_input(&format_);
    throw;
  }
}

Decoder::~Decoder() { libav().avformat_close_input(&format_); }

AVRational Decoder::rate() const { return libav().av_guess_frame_rate(format_, stream_, nullptr); }

// A duration in place of a count is that of the longest stream, and good to a picture.
std::int64_t Decoder::announced() const {
  const AVRational each = rate();
  if (stream_->nb_frames > 0) return stream_->nb_frames;
  if (format_->nb_streams > 1 || format_->duration <= 0 || each.num <= 0 || each.den <= 0) return 0;
  return std::max<std::int64_t>(libav().av_rescale(format_->duration, each.num, std::int64_t{AV_TIME_BASE} * each.den), 1) - 1;
}

bool Decoder::feed() {
  while (!at_end_) {
    const int code = libav().av_read_frame(format_, packet_.get());
    if (code < 0) {
      at_end_ = true;
      if (code != AVERROR_EOF) damage_ = libav_error(code);
      libav().avcodec_send_packet(codec_.get(), nullptr);
      return true;
    }
    const bool mine = packet_->stream_index == stream_->index;
    const bool cut_off = mine && (packet_->flags & AV_PKT_FLAG_CORRUPT) != 0;
    const int sent = mine && !cut_off ? libav().avcodec_send_packet(codec_.get(), packet_.get()) : 0;
    libav().av_packet_unref(packet_.get());
    if (!mine) continue;
    if (sent >= 0 && !cut_off) return true;
    at_end_ = true;
    damage_ = cut_off ? "a packet is cut off" : libav_error(sent);
    libav().avcodec_send_packet(codec_.get(), nullptr);  // what was decoded before is still in there
    return true;
  }
  return false;
}

const AVFrame* Decoder::next() {
  for (;;) {
    const int code = libav().avcodec_receive_frame(codec_.get(), frame_.get());
    if (code == AVERROR(EAGAIN) && feed()) continue;
    if (code < 0) {
      if (code != AVERROR_EOF && code != AVERROR(EAGAIN) && damage_.empty()) damage_ = libav_error(code);
      return nullptr;
    }
    // What the decoder made up in place of damaged parts would pass for foreground.
    if (frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0) {
      at_end_ = true;
      damage_ = "a picture is damaged";
      return nullptr;
    }
    return frame_.get();
  }
}

}  // namespace gossan::framing
