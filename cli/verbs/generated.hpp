// What the rows of `gossan generate` share.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gossan/options.hpp"
#include "run/run_folder.hpp"
#include "verbs.hpp"

namespace gossan::cli {

using Counts = std::vector<std::pair<std::string, Index>>;

struct Generator {
  std::string name;  // of the verb that it is input for
  const char *help, *examples;
  std::vector<std::pair<std::string, Fields>> options;  // by group
};
// Parses the arguments and makes the folder; `make` writes the instance there and returns counts of what it made. With these,
// writes generate.json and says what was made.
ExitCode generate_instance(const Generator& generator, const Arguments& arguments,
                           const std::function<Counts(const RunFolder& folder)>& make);

ExitCode generate_complete(const Arguments& arguments);
ExitCode generate_ratings_verb(const Arguments& arguments);

}  // namespace gossan::cli
