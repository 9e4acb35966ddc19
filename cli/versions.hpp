#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gossan::cli {

std::string version();  // of this program

// Everything that may change the numbers: name -> version.
std::vector<std::pair<std::string, std::string>> versions();

}  // namespace gossan::cli
