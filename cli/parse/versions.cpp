#include "parse/versions.hpp"

#include <CLI/Version.hpp>
#include <iterator>

#include "gossan/version.hpp"

namespace gossan::cli {

std::vector<std::pair<std::string, std::string>> program_versions() {
  auto list = versions();
  list.insert(std::prev(list.end()), {"cli11", CLI11_VERSION});
  return list;
}

}  // namespace gossan::cli
