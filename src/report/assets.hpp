// The files that the build embeds, whole: the page's parts, and Chart.js.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace gossan::assets {

struct EmbeddedFile {
  std::string_view name;  // "page.css"
  std::string_view text;
};
const std::vector<EmbeddedFile>& embedded_files();

// Of a file that is known to be there.
inline std::string_view text_of(std::string_view name) {
  const auto& files = embedded_files();
  return std::find_if(files.begin(), files.end(), [name](const EmbeddedFile& file) { return file.name == name; })->text;
}

}  // namespace gossan::assets
