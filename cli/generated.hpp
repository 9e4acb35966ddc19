// What the rows of `gossan generate` share.
#pragma once

#include <string>

#include "common.hpp"
#include "parser.hpp"
#include "run_folder.hpp"
#include "summary.hpp"
#include "verbs.hpp"

namespace gossan::cli {

// Writes generate.json, with these counts, and says what was made.
void publish_generated(const RunFolder& folder, const std::string& verb, const Parser& parser, Json counts,
                       const CommonOptions& common);

ExitCode generate_complete(const Arguments& arguments);
ExitCode generate_ratings_verb(const Arguments& arguments);

}  // namespace gossan::cli
