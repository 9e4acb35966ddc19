#include "frames/encoder.hpp"

#include <algorithm>
#include <array>
#include <new>
#include <stdexcept>

#include "frames/converter.hpp"

namespace gossan::framing {
namespace {

AVPixelFormat source_format(int channels) { return channels == 3 ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_GRAY8; }

// 4:2:0 is what every player shows: lossy codecs get it where they take it. Else the nearest to what there is.
AVPixelFormat pixel_format(const AVCodec& codec, int channels) {
  const AVCodecDescriptor* const about = libav().avcodec_descriptor_get(codec.id);
  const bool lossy = about != nullptr && (about->props & AV_CODEC_PROP_LOSSY) != 0;
  if (codec.pix_fmts == nullptr) return channels == 3 ? AV_PIX_FMT_BGR24 : AV_PIX_FMT_GRAY8;  // raw video
  if (lossy)
    for (const AVPixelFormat usual : {AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUV420P})
      for (const AVPixelFormat* taken = codec.pix_fmts; *taken != AV_PIX_FMT_NONE; ++taken)
        if (*taken == usual && (usual == AV_PIX_FMT_YUV420P || codec.id == AV_CODEC_ID_MJPEG)) return usual;
  return libav().avcodec_find_best_pix_fmt_of_list(codec.pix_fmts, source_format(channels), 0, nullptr);
}

}  // namespace

std::unique_ptr<Encoder> Encoder::open(AVCodecID id, const EncoderOptions& options) {
  const AVCodec* const encoder = libav().avcodec_find_encoder(id);
  if (encoder == nullptr || encoder->type != AVMEDIA_TYPE_VIDEO) return nullptr;
  // x264 halves the colours' size, refuses odd sizes, and forgets memory when it does.
  if (id == AV_CODEC_ID_H264 && (options.width % 2 != 0 || options.height % 2 != 0)) return nullptr;
  std::unique_ptr<Encoder> made(new Encoder);
  made->channels_ = options.channels;
  made->codec_.reset(libav().avcodec_alloc_context3(encoder));
  if (made->codec_ == nullptr) throw std::bad_alloc();
  AVCodecContext& codec = *made->codec_;
  codec.width = options.width;
  codec.height = options.height;
  codec.time_base = options.frame_seconds;
  codec.framerate = av_inv_q(options.frame_seconds);
  codec.pix_fmt = pixel_format(*encoder, options.channels);
  codec.thread_count = 1;
  codec.flags |= AV_CODEC_FLAG_BITEXACT;
  if (options.global_header) codec.flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  // A fine quantiser in place of a rate; x264 takes neither and has its own.
  constexpr int quantiser = 2;
  codec.flags |= AV_CODEC_FLAG_QSCALE;
  codec.global_quality = quantiser * FF_QP2LAMBDA;
  AVDictionary* own = nullptr;
  if (id == AV_CODEC_ID_H264) libav().av_dict_set(&own, "crf", "16", 0);
  const int code = libav().avcodec_open2(&codec, encoder, &own);
  libav().av_dict_free(&own);
  if (code < 0) return nullptr;
  made->scaler_.reset(libav().sws_getContext(options.width, options.height, source_format(options.channels), options.width,
                                             options.height, codec.pix_fmt, SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT,
                                             nullptr, nullptr, nullptr));
  AVFrame& frame = *made->frame_;
  frame.format = codec.pix_fmt;
  frame.width = options.width;
  frame.height = options.height;
  frame.quality = codec.global_quality;
  if (made->scaler_ == nullptr) return nullptr;
  const bool full = codec.pix_fmt == AV_PIX_FMT_YUVJ420P || codec.pix_fmt == source_format(options.channels);
  set_ranges(made->scaler_.get(), true, full);
  if (libav().av_frame_get_buffer(&frame, 0) < 0) return nullptr;
  return made;
}

void Encoder::add(std::span<const std::uint8_t> frame, const Deliver& deliver) {
  if (libav().av_frame_make_writable(frame_.get()) < 0) throw std::bad_alloc();
  // The scaler may read whole vectors beyond a line's end: from a copy with room behind it.
  const int line = codec_->width * channels_;
  roomy_.resize(frame.size() + AV_INPUT_BUFFER_PADDING_SIZE);
  std::copy(frame.begin(), frame.end(), roomy_.begin());
  const std::array<const std::uint8_t*, 4> source{roomy_.data(), nullptr, nullptr, nullptr};
  const std::array<int, 4> lines{line, 0, 0, 0};
  if (libav().sws_scale(scaler_.get(), source.data(), lines.data(), 0, codec_->height, frame_->data, frame_->linesize) !=
      codec_->height)
    throw std::runtime_error("pixels cannot be converted");
  frame_->pts = sent_++;
  send(frame_.get(), deliver);
}

void Encoder::finish(const Deliver& deliver) { send(nullptr, deliver); }

void Encoder::send(const AVFrame* frame, const Deliver& deliver) {
  int code = libav().avcodec_send_frame(codec_.get(), frame);
  if (code < 0) throw std::runtime_error(libav_error(code));
  while ((code = libav().avcodec_receive_packet(codec_.get(), packet_.get())) >= 0) {
    packet_->duration = 1;
    deliver(*packet_);
    libav().av_packet_unref(packet_.get());
  }
  if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) throw std::runtime_error(libav_error(code));
}

}  // namespace gossan::framing
