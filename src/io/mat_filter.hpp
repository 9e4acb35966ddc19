// matio 1.5 trusts the sizes that a .mat file claims. It is therefore shown a copy that holds only what was checked here: the
// plain variables (dense, real, numeric), every tag and size of which agrees with the others and with the file's length.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace gossan {

struct FilteredMat {
  std::vector<std::byte> file;                // a .mat file of the plain variables alone
  std::size_t variables = 0;                  // how many it holds
  std::map<std::string, std::string> others;  // what else there was: name and kind in words
};

// Versions 4 (no header) and 5 to 7.2; throws BadFile for anything malformed and for version 7.3, which is HDF5.
FilteredMat filter_mat(std::span<const std::byte> bytes, const std::filesystem::path& name);

}  // namespace gossan
