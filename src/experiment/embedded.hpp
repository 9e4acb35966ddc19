// The folder experiments/ inside the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gossan {

struct EmbeddedFile {
  std::string name;  // "ma-fattahi-2023/figure-1a.toml"
  std::string_view text;
};
const std::vector<EmbeddedFile>& embedded_files();  // by name

}  // namespace gossan
