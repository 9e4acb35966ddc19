#include "run_folder.hpp"

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

void write_history(const std::filesystem::path& file, const History& history, const Trace& trace) {
  std::vector<std::string> header = {"phase", "k", "f", "gradient_norm", "step", "change", "seconds"};
  for (const Trace::Panel& panel : trace.panels) header.insert(header.end(), panel.columns.begin(), panel.columns.end());
  std::string text = csv_line(header);
  for (std::size_t n = 0; n < history.size(); ++n) {
    const HistoryRow& row = history[n];
    std::vector<std::string> cells = {row.phase,
                                      fmt::format("{}", row.k),
                                      csv_number(row.f),
                                      csv_number(row.gradient_norm),
                                      csv_number(row.step),
                                      csv_number(row.change),
                                      fmt::format("{:.6f}", row.seconds)};
    if (!trace.panels.empty()) {
      for (const double value : trace.rows[n]) cells.push_back(csv_number(value));
    }
    text += csv_line(cells);
  }
  write_text(file, text);
}

}  // namespace gossan::cli
