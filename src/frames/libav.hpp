// FFmpeg's objects with owners, and its input and output held to the files that we open ourselves.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <filesystem>
#include <memory>
#include <string>

namespace gossan::framing {

struct LibavFree {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
  void operator()(AVCodecContext* codec) const { avcodec_free_context(&codec); }
  void operator()(SwsContext* scaler) const { sws_freeContext(scaler); }
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
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
