// ensemble.json: measurement matrices that are drawn anew in every sweep, by their name and seed (docs/ensembles.md).
#pragma once

#include <filesystem>

#include "gossan/operators.hpp"

namespace gossan::cli {

void write_ensemble(const std::filesystem::path& file, ImplicitOptions options);
// Throws BadFile where it is no such file.
ImplicitOptions read_ensemble(const std::filesystem::path& file);

}  // namespace gossan::cli
