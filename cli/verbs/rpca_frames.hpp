// What `gossan rpca` of a video, or of a folder of images, writes beside the factors.
#pragma once

#include "gossan/frames.hpp"
#include "gossan/present.hpp"
#include "gossan/rpca.hpp"
#include "run/run_folder.hpp"

namespace gossan::cli {

// A view: the frames must outlive it.
inline TableRows table_of(const Frames& frames) {
  return {frames.values(), frames.count, [&frames](Index first, std::span<double> out) { frames.read(first, out); }};
}

// Writes background, foreground and mask, as the source was, and says what was written.
Facts write_frame_answer(const RunFolder& folder, const LoadedFrames& loaded, const Decomposed& found);

}  // namespace gossan::cli
