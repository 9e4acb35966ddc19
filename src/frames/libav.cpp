#include "frames/libav.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <new>

namespace gossan::framing {
namespace {

template <class Pointer>
Pointer owned(typename Pointer::pointer made) {
  if (made == nullptr) throw std::bad_alloc();
  return Pointer(made);
}

int descriptor_of(void* opaque) { return *static_cast<const int*>(opaque); }

int read_some(void* opaque, std::uint8_t* buffer, int size) {
  const ssize_t got = ::read(descriptor_of(opaque), buffer, static_cast<std::size_t>(size));
  if (got == 0) return AVERROR_EOF;
  return got < 0 ? AVERROR(errno) : static_cast<int>(got);
}

int write_all(void* opaque, std::uint8_t* buffer, int size) {
  int done = 0;
  while (done < size) {
    const ssize_t put = ::write(descriptor_of(opaque), buffer + done, static_cast<std::size_t>(size - done));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return AVERROR(errno);
    done += static_cast<int>(put);
  }
  return size;
}

std::int64_t seek(void* opaque, std::int64_t offset, int whence) {
  const int descriptor = descriptor_of(opaque);
  if ((whence & AVSEEK_SIZE) != 0) {
    const off_t here = ::lseek(descriptor, 0, SEEK_CUR), end = ::lseek(descriptor, 0, SEEK_END);
    ::lseek(descriptor, here, SEEK_SET);
    return end < 0 ? AVERROR(errno) : end;
  }
  const off_t at = ::lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
  return at < 0 ? AVERROR(errno) : at;
}

}  // namespace

const Libav& libav() {
  static const Libav loaded;
  return loaded;
}

FramePtr new_frame() { return owned<FramePtr>(libav().av_frame_alloc()); }
PacketPtr new_packet() { return owned<PacketPtr>(libav().av_packet_alloc()); }

std::string libav_error(int code) {
  std::array<char, 256> text{};
  libav().av_strerror(code, text.data(), text.size());
  return text.data();
}

void quieten() {
  static const bool once = [] {
    libav().av_log_set_level(AV_LOG_QUIET);
    return true;
  }();
  static_cast<void>(once);
}

IoPtr file_io(const int& descriptor, bool writing) {
  constexpr int size = 1 << 16;
  auto* const buffer = static_cast<unsigned char*>(libav().av_malloc(size));
  if (buffer == nullptr) throw std::bad_alloc();
  AVIOContext* const io =
      libav().avio_alloc_context(buffer, size, writing ? 1 : 0, const_cast<int*>(&descriptor), read_some, write_all, seek);
  if (io == nullptr) libav().av_free(buffer);
  return owned<IoPtr>(io);
}

int open_nothing(AVFormatContext* /*context*/, AVIOContext** /*io*/, const char* /*url*/, int /*flags*/,
                 AVDictionary** /*options*/) {
  return AVERROR(EACCES);
}

}  // namespace gossan::framing
