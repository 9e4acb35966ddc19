#include "frames/converter.hpp"

extern "C" {
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
}

namespace gossan::framing {
namespace {

// Video keeps black at 16 and white at 235, images use all of 0 to 255.
bool full_range(const AVFrame& picture) {
  const AVPixFmtDescriptor* const about = libav().av_pix_fmt_desc_get(static_cast<AVPixelFormat>(picture.format));
  const bool grey_or_rgb = about == nullptr || about->nb_components < 3 || (about->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  if (picture.color_range != AVCOL_RANGE_UNSPECIFIED) return picture.color_range == AVCOL_RANGE_JPEG;
  return grey_or_rgb;
}

}  // namespace

void set_ranges(SwsContext* scaler, bool source_full, bool target_full) {
  const int* const coefficients = libav().sws_getCoefficients(SWS_CS_DEFAULT);
  constexpr int one = 1 << 16;  // contrast and saturation unchanged; formats without ranges refuse, which is as well
  libav().sws_setColorspaceDetails(scaler, coefficients, source_full ? 1 : 0, coefficients, target_full ? 1 : 0, 0, one, one);
}

bool Converter::convert(const AVFrame& picture, std::span<std::uint8_t> out) {
  const auto width = static_cast<int>(width_), height = static_cast<int>(height_);
  const AVPixelFormat target = colour_ ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_GRAY8;
  const auto kind = static_cast<AVPixelFormat>(picture.format);
  // Grey as it is goes through no arithmetic at all.
  if (!colour_ && kind == AV_PIX_FMT_GRAY8 && picture.width == width && picture.height == height) {
    libav().av_image_copy_plane(out.data(), width, picture.data[0], picture.linesize[0], width, height);
    return true;
  }
  constexpr int flags = SWS_AREA | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT;
  scaler_.reset(libav().sws_getCachedContext(scaler_.release(), picture.width, picture.height, kind, width, height, target, flags,
                                             nullptr, nullptr, nullptr));
  if (scaler_ == nullptr) return false;
  set_ranges(scaler_.get(), full_range(picture), true);
  // The scaler writes whole vectors: into lines that are padded for it, then without the padding.
  if (to_->data[0] == nullptr) {
    to_->format = target;
    to_->width = width;
    to_->height = height;
    if (libav().av_frame_get_buffer(to_.get(), 0) < 0) return false;
  }
  if (libav().sws_scale(scaler_.get(), picture.data, picture.linesize, 0, picture.height, to_->data, to_->linesize) != height)
    return false;
  const int line = width * (colour_ ? 3 : 1);
  libav().av_image_copy_plane(out.data(), line, to_->data[0], to_->linesize[0], line, height);
  return true;
}

}  // namespace gossan::framing
