// Video and folders of images as tables: a row a pixel (or a pixel's channel), a column a frame. Reading and writing goes through
// FFmpeg's libraries; a build without them has everything here, and says so where a file would be opened.
//
// No file makes a reader crash, hang or take more memory than `most_bytes`: what is no picture is BadFile. A video that is
// damaged or cut off on its way gives the frames before the damage, and a notice. Playlists and other files that name further
// files are refused: nothing but the file itself is opened.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/options.hpp"

namespace gossan {

bool has_video();  // whether this build can read and write video and images

struct FramesOptions {
  Index stride = 1;     // every stride-th frame, from the first
  double scale = 1;     // of width and height; pictures are shrunk by averaging areas
  bool colour = false;  // red, green and blue of each pixel as three rows, in place of its luminance
  Fields fields();
};

// `count` pictures of one size, 8 bits a channel, frame after frame: rows of pixels top down, channels of a pixel together.
struct Frames {
  Index width = 0, height = 0, channels = 1, count = 0;
  std::vector<std::uint8_t> bytes = {};

  Index values() const { return width * height * channels; }  // of a frame: rows of the table
  std::span<const std::uint8_t> frame(Index t) const { return {bytes.data() + t * values(), static_cast<std::size_t>(values())}; }
  // Fills `out` with as many whole rows of the table, values() x count, as it holds, from row `first` on (ReadRows of
  // operators.hpp). Reads may run at the same time.
  void read(Index first, std::span<double> out) const;
};

// What frames came from, and so what others of their kind are written as.
struct FramesSource {
  bool images = false;                  // a folder of images
  std::string extension = {};           // of the video file: ".avi"
  std::string codec = {};               // "mpeg4"; of images that of the first
  std::int64_t rate = 25, seconds = 1;  // frames: `rate` in so many `seconds`, after the stride
  std::vector<std::string> names = {};  // of the images, a name a frame
  std::string notice = {};              // what the reader of the result should know: where a damaged video was cut
};

struct LoadedFrames {
  Frames frames = {};
  FramesSource source = {};
};

// Whether a path is meant as frames: a folder, or a file named as videos are.
bool names_frames(const std::filesystem::path& path);

// A video file, or the images of a folder (png, jpg, jpeg, pgm, ppm, pnm, bmp) in natural order: 2.png before 10.png. Throws
// BadFile on what cannot be read, on images of different sizes, and where the frames would take more than `most_bytes`; 0: half
// of this machine's memory. Throws std::invalid_argument on bad options, std::runtime_error in a build without video.
LoadedFrames read_frames(const std::filesystem::path& path, FramesOptions options = {}, std::uint64_t most_bytes = 0);

// Takes frames one by one. Nothing of a video is at its place before finish(), nothing at all where that is never reached; images
// are there whole or not at all, one by one.
class FramesWriter {
 public:
  virtual ~FramesWriter() = default;
  virtual void add(std::span<const std::uint8_t> frame) = 0;  // width * height * channels bytes, as in Frames
  virtual void finish() = 0;
  virtual std::string codec() const = 0;  // what is written: the source's, or what stands in for it where that cannot be written
  virtual std::filesystem::path path() const = 0;
};

// `folder`/`name` with the extension of the source's video, or a folder of that name with images named as the source's. Throws
// std::runtime_error naming file and cause where it cannot be written.
std::unique_ptr<FramesWriter> write_frames(const std::filesystem::path& folder, const std::string& name,
                                           const FramesSource& source, const Frames& like);

}  // namespace gossan
