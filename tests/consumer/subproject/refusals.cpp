// A library without archives, MATLAB files and video says of each which option left it out, before it looks at the file.
#include <cstdio>
#include <string>

#include "gossan/frames.hpp"
#include "gossan/io.hpp"

namespace {

template <class Read>
bool refuses(const char* option, Read read) {
  try {
    read();
  } catch (const gossan::BadFile& error) {
    const std::string said = error.what();
    if (said.find(option) != std::string::npos) return true;
    std::printf("%s is not in: %s\n", option, said.c_str());
    return false;
  }
  std::printf("%s: what it left out was read\n", option);
  return false;
}

}  // namespace

int main() {
  const bool zip = refuses("GOSSAN_ZIP", [] { gossan::read_npz("model.npz"); });
  const bool written = refuses("GOSSAN_ZIP", [] { gossan::write_npz("model.npz", {}); });
  const bool matio = refuses("GOSSAN_MATIO", [] { gossan::read_mat("table.mat"); });
  const bool video = refuses("GOSSAN_VIDEO", [] { gossan::read_frames("street.avi", {}); });
  return zip && written && matio && video ? 0 : 1;
}
