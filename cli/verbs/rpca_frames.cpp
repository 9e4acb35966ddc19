#include "verbs/rpca_frames.hpp"

#include <fmt/format.h>

#include <array>
#include <memory>

namespace gossan::cli {

Facts write_frame_answer(const RunFolder& folder, const LoadedFrames& loaded, const Decomposed& found) {
  const Frames& frames = loaded.frames;
  constexpr std::array names{"background", "foreground", "mask"};
  std::array<std::unique_ptr<FramesWriter>, names.size()> writers;
  const std::filesystem::path here = (folder / "x").parent_path();
  for (std::size_t k = 0; k < names.size(); ++k) writers[k] = write_frames(here, names[k], loaded.source, frames);
  for (Index t = 0; t < frames.count; ++t) {
    const FrameParts parts = frame_parts(frames, found, t);
    writers[0]->add(parts.background);
    writers[1]->add(parts.foreground);
    writers[2]->add(parts.mask);
  }
  for (const auto& writer : writers) writer->finish();
  Facts facts = {{"frames", fmt::format("{} of {} x {}, {}", frames.count, frames.width, frames.height,
                                        frames.channels == 3 ? "colour" : "grey")},
                 {"written", fmt::format("{}, {} and {}, as {}", writers[0]->path().filename().string(),
                                         writers[1]->path().filename().string(), writers[2]->path().filename().string(),
                                         writers[0]->codec())}};
  if (writers[0]->codec() != loaded.source.codec)
    facts.back().second += fmt::format(", since there is no encoder for {}", loaded.source.codec);
  if (!loaded.source.notice.empty()) facts.emplace_back("notice", loaded.source.notice);
  return facts;
}

}  // namespace gossan::cli
