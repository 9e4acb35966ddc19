#include "parse/checkpoint_options.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "parse/versions.hpp"

namespace gossan::cli {

Fields CheckpointOptions::fields() {
  return {{.name = "checkpoint", .value = &checkpoint, .help = "file that the run is saved to on its way"},
          {.name = "checkpoint_every",
           .value = &checkpoint_every,
           .help = "seconds between two savings, at least",
           .least = 0,
           .most = 1e9},
          {.name = "resume",
           .value = &resume,
           .help = "go on from the checkpoint to the same bits; from the start where there is none yet"}};
}

Checkpointing checkpointing(const std::string& verb, const CheckpointOptions& options, const Fields& held, bool quiet) {
  if (options.resume && options.checkpoint.empty())
    throw std::invalid_argument("option 'resume': expected --checkpoint FILE with it, the file to go on from");
  Checkpointing checkpoint{options.checkpoint, options.checkpoint_every, options.resume, program_versions()};
  for (const FieldView& field : view(held)) checkpoint.problem.emplace_back(field.name, field.value);
  if (options.resume && !quiet && !std::filesystem::exists(options.checkpoint))
    fmt::print(stderr, "gossan {}: there is no checkpoint {} yet: from the start\n", verb, options.checkpoint);
  return checkpoint;
}

}  // namespace gossan::cli
