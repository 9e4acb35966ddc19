// FFmpeg's objects with owners, and its input and output held to the files that we open ourselves.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <filesystem>
#include <memory>
#include <string>

#include "io/shared_library.hpp"

namespace gossan::framing {

// The functions of FFmpeg's libraries that are used here, loaded with the first frames that are read or written: these libraries
// and the hundred that they need take longer to load than most runs take.
struct Libav {
  SharedLibrary util{GOSSAN_LIBAVUTIL};
  SharedLibrary codec{GOSSAN_LIBAVCODEC};
  SharedLibrary scale{GOSSAN_LIBSWSCALE};
  SharedLibrary format{GOSSAN_LIBAVFORMAT};

// NOLINTNEXTLINE(bugprone-macro-parentheses): what it takes are names
#define GOSSAN_LOADED(library, name) decltype(&::name) name = library.get<decltype(::name)>(#name);
  GOSSAN_LOADED(util, av_dict_free)
  GOSSAN_LOADED(util, av_dict_set)
  GOSSAN_LOADED(util, av_frame_alloc)
  GOSSAN_LOADED(util, av_frame_free)
  GOSSAN_LOADED(util, av_frame_get_buffer)
  GOSSAN_LOADED(util, av_frame_make_writable)
  GOSSAN_LOADED(util, av_free)
  GOSSAN_LOADED(util, av_freep)
  GOSSAN_LOADED(util, av_image_copy_plane)
  GOSSAN_LOADED(util, av_log_set_level)
  GOSSAN_LOADED(util, av_malloc)
  GOSSAN_LOADED(util, av_pix_fmt_desc_get)
  GOSSAN_LOADED(util, av_reduce)
  GOSSAN_LOADED(util, av_rescale)
  GOSSAN_LOADED(util, av_strerror)
  GOSSAN_LOADED(codec, av_packet_alloc)
  GOSSAN_LOADED(codec, av_packet_free)
  GOSSAN_LOADED(codec, av_packet_rescale_ts)
  GOSSAN_LOADED(codec, av_packet_unref)
  GOSSAN_LOADED(codec, avcodec_alloc_context3)
  GOSSAN_LOADED(codec, avcodec_descriptor_get)
  GOSSAN_LOADED(codec, avcodec_descriptor_get_by_name)
  GOSSAN_LOADED(codec, avcodec_find_best_pix_fmt_of_list)
  GOSSAN_LOADED(codec, avcodec_find_encoder)
  GOSSAN_LOADED(codec, avcodec_free_context)
  GOSSAN_LOADED(codec, avcodec_get_name)
  GOSSAN_LOADED(codec, avcodec_open2)
  GOSSAN_LOADED(codec, avcodec_parameters_from_context)
  GOSSAN_LOADED(codec, avcodec_parameters_to_context)
  GOSSAN_LOADED(codec, avcodec_receive_frame)
  GOSSAN_LOADED(codec, avcodec_receive_packet)
  GOSSAN_LOADED(codec, avcodec_send_frame)
  GOSSAN_LOADED(codec, avcodec_send_packet)
  GOSSAN_LOADED(scale, sws_freeContext)
  GOSSAN_LOADED(scale, sws_getCachedContext)
  GOSSAN_LOADED(scale, sws_getCoefficients)
  GOSSAN_LOADED(scale, sws_getContext)
  GOSSAN_LOADED(scale, sws_scale)
  GOSSAN_LOADED(scale, sws_setColorspaceDetails)
  GOSSAN_LOADED(format, av_find_best_stream)
  GOSSAN_LOADED(format, av_guess_format)
  GOSSAN_LOADED(format, av_guess_frame_rate)
  GOSSAN_LOADED(format, av_interleaved_write_frame)
  GOSSAN_LOADED(format, av_read_frame)
  GOSSAN_LOADED(format, av_write_trailer)
  GOSSAN_LOADED(format, avformat_alloc_context)
  GOSSAN_LOADED(format, avformat_alloc_output_context2)
  GOSSAN_LOADED(format, avformat_close_input)
  GOSSAN_LOADED(format, avformat_find_stream_info)
  GOSSAN_LOADED(format, avformat_free_context)
  GOSSAN_LOADED(format, avformat_new_stream)
  GOSSAN_LOADED(format, avformat_open_input)
  GOSSAN_LOADED(format, avformat_query_codec)
  GOSSAN_LOADED(format, avformat_write_header)
  GOSSAN_LOADED(format, avio_alloc_context)
  GOSSAN_LOADED(format, avio_context_free)
  GOSSAN_LOADED(format, avio_flush)
#undef GOSSAN_LOADED
};
// Throws BadFile where one of the libraries is missing.
const Libav& libav();

struct LibavFree {
  void operator()(AVFrame* frame) const { libav().av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { libav().av_packet_free(&packet); }
  void operator()(AVCodecContext* codec) const { libav().avcodec_free_context(&codec); }
  void operator()(SwsContext* scaler) const { libav().sws_freeContext(scaler); }
  void operator()(AVIOContext* io) const {
    libav().av_freep(&io->buffer);
    libav().avio_context_free(&io);
  }
};
using FramePtr = std::unique_ptr<AVFrame, LibavFree>;
using PacketPtr = std::unique_ptr<AVPacket, LibavFree>;
using CodecPtr = std::unique_ptr<AVCodecContext, LibavFree>;
using ScalerPtr = std::unique_ptr<SwsContext, LibavFree>;
using IoPtr = std::unique_ptr<AVIOContext, LibavFree>;

FramePtr new_frame();
PacketPtr new_packet();
std::string libav_error(int code);  // in words
void quieten();                     // FFmpeg prints to stderr unless told not to: once, for the whole process

// Reads, writes and seeks in an open file; the descriptor must outlive it.
IoPtr file_io(const int& descriptor, bool writing);

// Keeps a demuxer from opening anything beyond the file that it was given.
int open_nothing(AVFormatContext* context, AVIOContext** io, const char* url, int flags, AVDictionary** options);

}  // namespace gossan::framing
