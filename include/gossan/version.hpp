// What may change the numbers of an answer beside its input and options.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace gossan {

std::string version();  // of this library

// Name -> version: the library, the compiler, the instructions that the kernels use, the libraries inside.
std::vector<std::pair<std::string, std::string>> versions();

}  // namespace gossan
