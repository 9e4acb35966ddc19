// Frames as a video, or as images in a folder.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>
#include <vector>

#include "frames/encoder.hpp"
#include "frames/names.hpp"
#include "gossan/frames.hpp"
#include "io/atomic_file.hpp"

namespace gossan {
namespace {

namespace fs = std::filesystem;
using framing::Encoder;
using framing::EncoderOptions;

std::runtime_error unwritable(const fs::path& file, const std::string& cause) {
  return std::runtime_error(fmt::format("{}: cannot be written: {}", file.string(), cause));
}

EncoderOptions encoder_options(const FramesSource& source, const Frames& like) {
  EncoderOptions options{.width = static_cast<int>(like.width),
                         .height = static_cast<int>(like.height),
                         .channels = static_cast<int>(like.channels)};
  constexpr int finest = 60000;  // MPEG-4 counts time in 16 bits
  framing::libav().av_reduce(&options.frame_seconds.num, &options.frame_seconds.den, source.seconds, source.rate, finest);
  return options;
}

AVCodecID codec_named(const std::string& name) {
  const AVCodecDescriptor* const about = framing::libav().avcodec_descriptor_get_by_name(name.c_str());
  return about != nullptr ? about->id : AV_CODEC_ID_NONE;
}

struct FormatCloser {
  void operator()(AVFormatContext* format) const { framing::libav().avformat_free_context(format); }
};

class Video final : public FramesWriter {
 public:
  Video(fs::path file, const FramesSource& source, const Frames& like) : path_(std::move(file)), file_(path_) {
    framing::quieten();
    const AVOutputFormat* const container = framing::libav().av_guess_format(nullptr, path_.filename().c_str(), nullptr);
    if (container == nullptr) throw unwritable(path_, "this FFmpeg writes no such container");
    EncoderOptions options = encoder_options(source, like);
    options.global_header = (container->flags & AVFMT_GLOBALHEADER) != 0;
    // The source's own codec, then what loses nothing, then what every container takes.
    std::vector<AVCodecID> candidates{codec_named(source.codec), AV_CODEC_ID_FFV1, AV_CODEC_ID_MPEG4, container->video_codec};
    for (const AVCodecID id : candidates) {
      if (id == AV_CODEC_ID_NONE || framing::libav().avformat_query_codec(container, id, FF_COMPLIANCE_NORMAL) == 0) continue;
      encoder_ = Encoder::open(id, options);
      if (encoder_ != nullptr && begin(container)) return;
      encoder_ = nullptr;
    }
    throw unwritable(path_, fmt::format("this FFmpeg has no encoder for {} x {} frames in it", like.width, like.height));
  }
  Video(const Video&) = delete;
  Video& operator=(const Video&) = delete;

  void add(std::span<const std::uint8_t> frame) override {
    guarded([&] { encoder_->add(frame, deliver()); });
  }
  void finish() override {
    guarded([&] {
      encoder_->finish(deliver());
      if (const int code = framing::libav().av_write_trailer(format_.get()); code < 0)
        throw std::runtime_error(framing::libav_error(code));
      framing::libav().avio_flush(io_.get());
      if (io_->error < 0) throw std::runtime_error(framing::libav_error(io_->error));
    });
    file_.commit();
  }
  std::string codec() const override { return encoder_->name(); }
  fs::path path() const override { return path_; }

 private:
  // Whether the container takes the encoder's stream: its header is written then.
  bool begin(const AVOutputFormat* container) {
    AVFormatContext* made = nullptr;
    format_ = nullptr;
    if (::lseek(file_.descriptor(), 0, SEEK_SET) < 0 || ::ftruncate(file_.descriptor(), 0) < 0)
      throw unwritable(path_, "it cannot be begun anew");
    io_ = framing::file_io(file_.descriptor(), true);
    if (framing::libav().avformat_alloc_output_context2(&made, container, nullptr, nullptr) < 0) throw std::bad_alloc();
    format_.reset(made);
    format_->pb = io_.get();
    format_->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_BITEXACT;
    stream_ = framing::libav().avformat_new_stream(format_.get(), nullptr);
    if (stream_ == nullptr) throw std::bad_alloc();
    stream_->time_base = encoder_->context().time_base;
    stream_->avg_frame_rate = encoder_->context().framerate;
    if (framing::libav().avcodec_parameters_from_context(stream_->codecpar, &encoder_->context()) < 0) throw std::bad_alloc();
    return framing::libav().avformat_write_header(format_.get(), nullptr) >= 0;
  }

  Encoder::Deliver deliver() {
    return [this](AVPacket& packet) {
      packet.stream_index = stream_->index;
      framing::libav().av_packet_rescale_ts(&packet, encoder_->context().time_base, stream_->time_base);
      if (const int code = framing::libav().av_interleaved_write_frame(format_.get(), &packet); code < 0)
        throw std::runtime_error(framing::libav_error(code));
    };
  }
  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const std::runtime_error& failed) {
      throw unwritable(path_, failed.what());
    }
  }

  fs::path path_;
  AtomicFile file_;
  framing::IoPtr io_;
  std::unique_ptr<Encoder> encoder_;
  std::unique_ptr<AVFormatContext, FormatCloser> format_;  // goes before what it writes to
  AVStream* stream_ = nullptr;
};

class Images final : public FramesWriter {
 public:
  Images(fs::path folder, const FramesSource& source, const Frames& like)
      : folder_(std::move(folder)), names_(source.names), options_(encoder_options(source, like)) {
    framing::quieten();
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) throw unwritable(folder_, error.message());
    // Files named .pgm hold colour as .ppm would: the other of the two is what stands in for one.
    const AVCodecID own = codec_named(source.codec);
    const bool portable = own == AV_CODEC_ID_PGM || own == AV_CODEC_ID_PPM || own == AV_CODEC_ID_PBM || own == AV_CODEC_ID_PAM;
    id_ = portable ? (like.channels == 3 ? AV_CODEC_ID_PPM : AV_CODEC_ID_PGM) : own;
    if (Encoder::open(id_, options_) == nullptr) id_ = AV_CODEC_ID_PNG;
    if (Encoder::open(id_, options_) == nullptr) throw unwritable(folder_, "this FFmpeg has no encoder for such images");
  }

  // An encoder an image: those of video would refer to the image before.
  void add(std::span<const std::uint8_t> frame) override {
    const fs::path file = folder_ / next_name();
    AtomicFile out(file);
    const auto deliver = [&](AVPacket& packet) {
      out.write(std::as_bytes(std::span(packet.data, static_cast<std::size_t>(packet.size))));
    };
    try {
      const std::unique_ptr<Encoder> encoder = Encoder::open(id_, options_);
      if (encoder == nullptr) throw std::runtime_error("the encoder does not open");
      encoder->add(frame, deliver);
      encoder->finish(deliver);
    } catch (const std::runtime_error& failed) {
      throw unwritable(file, failed.what());
    }
    out.commit();
  }
  void finish() override {}
  std::string codec() const override { return framing::libav().avcodec_get_name(id_); }
  fs::path path() const override { return folder_; }

 private:
  std::string next_name() {
    const std::size_t k = written_++;
    if (k >= names_.size()) return fmt::format("{:06}.{}", k, codec());
    if (id_ == AV_CODEC_ID_PNG && framing::extension(names_[k]) != ".png") return names_[k] + ".png";
    return names_[k];
  }

  fs::path folder_;
  std::vector<std::string> names_;
  EncoderOptions options_;
  AVCodecID id_ = AV_CODEC_ID_NONE;
  std::size_t written_ = 0;
};

}  // namespace

std::unique_ptr<FramesWriter> write_frames(const fs::path& folder, const std::string& name, const FramesSource& source,
                                           const Frames& like) {
  if (source.images) return std::make_unique<Images>(folder / name, source, like);
  return std::make_unique<Video>(folder / (name + source.extension), source, like);
}

}  // namespace gossan
