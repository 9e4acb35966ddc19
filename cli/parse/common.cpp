#include "parse/common.hpp"

#include "gossan/linalg.hpp"

namespace gossan::cli {

Fields CommonOptions::fields() {
  return {
      {.name = "out", .value = &out, .help = "folder for the results, made where missing"},
      {.name = "threads",
       .value = &threads,
       .help = "threads to use, 0: one a core; no result depends on it",
       .least = 0,
       .most = 1024},
      {.name = "json", .value = &json, .help = "print the summary as JSON on standard output, and nothing else"},
      {.name = "quiet", .value = &quiet, .help = "no progress bar and no summary: errors only"},
  };
}

void apply(const CommonOptions& common) {
  set_threads(static_cast<int>(common.threads));
  simd_level();  // refuses a GOSSAN_SIMD that this machine does not have, before any work
}

}  // namespace gossan::cli
