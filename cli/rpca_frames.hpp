// What `gossan rpca` of a video, or of a folder of images, writes and shows beside the factors.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gossan/frames.hpp"
#include "gossan/report.hpp"
#include "gossan/rpca.hpp"
#include "run_folder.hpp"

namespace gossan::cli {

// A view: the frames must outlive it.
inline TableRows table_of(const Frames& frames) {
  return {frames.values(), frames.count, [&frames](Index first, std::span<double> out) { frames.read(first, out); }};
}

// One frame of an answer. The background is L R^T; the foreground what the input shows where it is flagged, black elsewhere; the
// mask white where it is flagged. A pixel is flagged where one of its channels is.
struct FrameParts {
  std::vector<std::uint8_t> background, foreground, mask;
};
FrameParts frame_parts(const Frames& frames, const Decomposed& found, Index t);

// Writes background, foreground and mask, as the source was, and says what was written.
std::vector<std::pair<std::string, std::string>> write_frame_answer(const RunFolder& folder, const LoadedFrames& loaded,
                                                                    const Decomposed& found);

// Some frames, spread over all of them, each above its background, foreground and mask.
Filmstrip filmstrip(const Frames& frames, const Decomposed& found);

}  // namespace gossan::cli
