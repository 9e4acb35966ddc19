// The folder that a run writes its results to.
#pragma once

#include <filesystem>
#include <initializer_list>
#include <string>
#include <vector>

namespace gossan::cli {

class RunFolder {
 public:
  // Makes the folder where it is missing and tries whether files can be written to it: before the work, not after. Throws
  // std::invalid_argument where not.
  explicit RunFolder(const std::string& path);
  // Takes away again what was made here and holds nothing.
  ~RunFolder();
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  // Removes what an earlier run has left: the summary, or what else is written last, so that a folder that has it is complete;
  // and files that not every run writes.
  void begin_writing(const std::string& last = "summary.json", std::initializer_list<const char*> optional = {});

 private:
  std::filesystem::path path_;
  std::vector<std::filesystem::path> made_;  // folders that were missing, the innermost first
};

}  // namespace gossan::cli
