// A build without FFmpeg's libraries.
#include "gossan/frames.hpp"
#include "gossan/io.hpp"

namespace gossan {
namespace {

[[noreturn]] void not_built(const std::filesystem::path& path) {
  bad_file(path, "",
           "this program was built without video: it needs libavformat-dev, libavcodec-dev, libavutil-dev, libswscale-dev and "
           "GOSSAN_VIDEO=ON when it is built");
}

}  // namespace

bool has_video() { return false; }

LoadedFrames read_frames(const std::filesystem::path& path, FramesOptions options, std::uint64_t /*most_bytes*/) {
  check(options.fields(), "read_frames");
  not_built(path);
}

std::unique_ptr<FramesWriter> write_frames(const std::filesystem::path& folder, const std::string& name,
                                           const FramesSource& source, const Frames& /*like*/) {
  not_built(folder / (name + source.extension));
}

}  // namespace gossan
