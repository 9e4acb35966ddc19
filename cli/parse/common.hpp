// Options that verbs share.
#pragma once

#include <string>

#include "gossan/options.hpp"

namespace gossan::cli {

struct CommonOptions {
  std::string out;    // folder
  Index threads = 0;  // 0: all cores
  bool json = false;
  bool quiet = false;
  Fields fields();
};

// Sets the number of threads; checks the environment.
void apply(const CommonOptions& common);

}  // namespace gossan::cli
