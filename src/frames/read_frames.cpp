// A video, or a folder of images, into memory.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "frames/converter.hpp"
#include "frames/decoder.hpp"
#include "frames/names.hpp"
#include "gossan/frames.hpp"
#include "gossan/io.hpp"

namespace gossan {
namespace {

namespace fs = std::filesystem;

std::uint64_t half_of_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

// Frames as they come in, all of the size of the first.
class Gathered {
 public:
  Gathered(const FramesOptions& options, std::uint64_t most_bytes)
      : options_(options), most_bytes_(most_bytes > 0 ? most_bytes : half_of_memory()) {}

  // Its own bytes of each picture are counted: `where` names it in messages.
  void add(const AVFrame& picture, const fs::path& file, const std::string& where) {
    if (frames.count == 0) begin(picture);
    if (picture.width != width_ || picture.height != height_)
      bad_file(file, where,
               fmt::format("is {} x {}, expected {} x {} as the first", picture.width, picture.height, width_, height_));
    const auto size = static_cast<std::size_t>(frames.values());
    const std::uint64_t wanted = frames.bytes.size() + size;
    if (wanted > most_bytes_)
      bad_file(file, where,
               fmt::format("its frames take more than {:.0f} MB, expected less: --stride and --scale make them fewer and smaller",
                           static_cast<double>(most_bytes_) / 1e6));
    // By an eighth at a time: twice as much, as vectors grow by themselves, may be more than there is.
    if (wanted > frames.bytes.capacity()) frames.bytes.reserve(std::min<std::size_t>(most_bytes_, wanted + wanted / 8));
    frames.bytes.resize(wanted);
    if (!converter_->convert(picture, std::span(frames.bytes).last(size)))
      bad_file(file, where, "has pixels of a kind that cannot be converted");
    ++frames.count;
  }

  Frames frames;

 private:
  void begin(const AVFrame& picture) {
    width_ = picture.width;
    height_ = picture.height;
    const auto scaled = [&](int size) {
      return std::max<Index>(1, static_cast<Index>(std::llround(options_.scale * static_cast<double>(size))));
    };
    frames.width = scaled(width_);
    frames.height = scaled(height_);
    frames.channels = options_.colour ? 3 : 1;
    converter_ = std::make_unique<framing::Converter>(frames.width, frames.height, options_.colour);
  }

  FramesOptions options_;
  std::uint64_t most_bytes_;
  int width_ = 0, height_ = 0;
  std::unique_ptr<framing::Converter> converter_;
};

std::string cut_notice(Index at, const std::string& damage, Index used) {
  return fmt::format("the video is damaged at frame {} ({}): the {} frames before are used", at + 1, damage, used);
}

LoadedFrames read_video(const fs::path& file, const FramesOptions& options, std::uint64_t most_bytes) {
  framing::Decoder decoder(file);
  Gathered gathered(options, most_bytes);
  Index seen = 0;
  for (const AVFrame* picture = decoder.next(); picture != nullptr; picture = decoder.next(), ++seen)
    if (seen % options.stride == 0) gathered.add(*picture, file, fmt::format("frame {}", seen + 1));
  if (gathered.frames.count == 0)
    bad_file(file, "", decoder.damage().empty() ? "holds no frame" : "holds no whole frame: " + decoder.damage());
  LoadedFrames loaded{std::move(gathered.frames), {}};
  FramesSource& source = loaded.source;
  source.extension = framing::extension(file);
  source.codec = decoder.codec();
  if (const AVRational rate = decoder.rate(); rate.num > 0 && rate.den > 0) {
    source.rate = rate.num;
    source.seconds = std::int64_t{rate.den} * options.stride;
  }
  if (!decoder.damage().empty())
    source.notice = cut_notice(seen, decoder.damage(), loaded.frames.count);
  else if (decoder.announced() - seen > std::max<std::int64_t>(2, decoder.announced() / 50))  // some pictures are "as before"
    source.notice = cut_notice(seen, fmt::format("its header announces {}", decoder.announced()), loaded.frames.count);
  return loaded;
}

std::vector<fs::path> images_of(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (framing::names_image(at->path())) files.push_back(at->path());
  if (error) bad_file(folder, "", "cannot be read: " + error.message());
  if (files.empty()) bad_file(folder, "", "has no image, expected .png, .jpg, .pgm, .ppm or .bmp files");
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return framing::naturally_before(a.filename().string(), b.filename().string());
  });
  return files;
}

LoadedFrames read_images(const fs::path& folder, const FramesOptions& options, std::uint64_t most_bytes) {
  const std::vector<fs::path> files = images_of(folder);
  Gathered gathered(options, most_bytes);
  FramesSource source;
  source.images = true;
  for (std::size_t k = 0; k < files.size(); k += static_cast<std::size_t>(options.stride)) {
    framing::Decoder decoder(files[k]);
    const AVFrame* picture = decoder.next();
    if (picture == nullptr) bad_file(files[k], "", "is no whole image: " + decoder.damage());
    gathered.add(*picture, files[k], "");
    if (k == 0) source.codec = decoder.codec();
    source.names.push_back(files[k].filename().string());
  }
  return {std::move(gathered.frames), std::move(source)};
}

}  // namespace

bool has_video() { return true; }

LoadedFrames read_frames(const fs::path& path, FramesOptions options, std::uint64_t most_bytes) {
  check(options.fields(), "read_frames");
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? read_images(path, options, most_bytes) : read_video(path, options, most_bytes);
}

}  // namespace gossan
