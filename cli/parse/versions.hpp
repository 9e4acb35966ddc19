#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gossan::cli {

// Everything that may change the numbers: name -> version; the library's, and the parser's.
std::vector<std::pair<std::string, std::string>> program_versions();

}  // namespace gossan::cli
