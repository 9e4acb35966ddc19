#include "run/run_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "gossan/io.hpp"

namespace gossan::cli {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& cause) {
  throw std::invalid_argument(fmt::format("--out '{}': {}; expected a folder that can be written to", path.string(), cause));
}

void try_writing(const std::filesystem::path& path) {
  const auto probe = path / fmt::format(".gossan-probe-{}", getpid());
  try {
    write_text(probe, "");
  } catch (const std::exception& error) {
    refuse(path, error.what());
  }
  std::error_code ignored;
  std::filesystem::remove(probe, ignored);
}

}  // namespace

RunFolder::RunFolder(const std::string& path) : path_(path) {
  if (path.empty()) refuse(path_, "no name given");
  std::error_code error;
  for (auto each = path_; !each.empty() && !std::filesystem::exists(each, error); each = each.parent_path())
    made_.push_back(each);
  std::filesystem::create_directories(path_, error);
  if (error) refuse(path_, error.message());
  if (!std::filesystem::is_directory(path_, error)) refuse(path_, "not a folder");
  if (std::filesystem::is_directory(path_ / "summary.json", error)) refuse(path_, "summary.json in it is a folder");
  try_writing(path_);
}

RunFolder::~RunFolder() {
  std::error_code ignored;
  for (const auto& each : made_) std::filesystem::remove(each, ignored);  // fails where it holds something: as it should
}

void RunFolder::begin_writing(const std::string& last, std::initializer_list<const char*> optional) {
  std::filesystem::remove(path_ / last);
  for (const char* name : optional) std::filesystem::remove(path_ / name);
}

}  // namespace gossan::cli
