// Options from a TOML file: keys are option names, tables are prefixes ([schedule] step = 0.5 is schedule.step).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace gossan::cli {

struct Setting {
  std::string key;    // "schedule.step"
  std::string value;  // as text
  std::string where;  // "run.toml: line 3", "--set"
};

// In the order of the file. Throws BadFile where it is not TOML or a value is no text, number or yes/no.
std::vector<Setting> read_config(const std::filesystem::path& file);

}  // namespace gossan::cli
