// The last files of a run, and what is said of it on standard output.
#pragma once

#include <string>

#include "gossan/present.hpp"
#include "parse/common.hpp"
#include "run/run_folder.hpp"

namespace gossan::cli {

struct Closing {
  std::string file = "summary.json";
  std::string drawing = {};  // lines below the facts, for people
  std::string time;          // how long it took, in words
};

// Writes report.html and, last of all, the summary; prints the summary, or the facts for people, or only what is doubtful.
void publish(const RunFolder& folder, const Presentation& shown, const CommonOptions& common, const Closing& closing);

std::string time_and_sweeps(const RunRecord& record, Index sweeps);

}  // namespace gossan::cli
