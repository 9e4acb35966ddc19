// Reproductions by name, or from a file.
#pragma once

#include <string>
#include <vector>

#include "gossan/reproduction.hpp"

namespace gossan::cli {

std::vector<std::string> reproduction_names();
std::string reproduction_title(const std::string& name);

// By the name of one that the program knows, or the path of a .toml file with, perhaps, an expected.json beside it. `small`: with
// the fewer trials and places of its table [small]. Throws BadFile on a file that is not what it should be, and
// std::invalid_argument on a name that is not known.
Reproduction read_reproduction(const std::string& name_or_file, bool small);

}  // namespace gossan::cli
