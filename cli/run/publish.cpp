#include "run/publish.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "gossan/io.hpp"

namespace gossan::cli {
namespace {

void print_for_people(const RunFolder& folder, const Presentation& shown, const Closing& closing) {
  fmt::print("{}: {}\n  {}\n", shown.recovery, shown.verdict(), shown.message());
  for (const auto& [name, value] : shown.facts()) fmt::print("  {:<12}{}\n", name, value);
  fmt::print("{}  {:<12}{}\n", closing.drawing, "time", closing.time);
  fmt::print("  {:<12}{}\n", "report", (folder / "report.html").string());
}

}  // namespace

void publish(const RunFolder& folder, const Presentation& shown, const CommonOptions& common, const Closing& closing) {
  write_text(folder / "report.html", render_html(shown.page));
  write_text(folder / closing.file, shown.summary);
  if (common.json) fmt::print("{}", shown.summary);
  if (!common.json && !common.quiet) print_for_people(folder, shown, closing);
  const bool said = !common.json && !common.quiet;
  if (!said && shown.doubtful()) fmt::print(stderr, "gossan {}: {}: {}\n", shown.recovery, shown.verdict(), shown.message());
}

std::string time_and_sweeps(const RunRecord& record, Index sweeps) {
  return fmt::format("{:.2f} s, {} sweeps over the data", record.seconds, grouped(sweeps));
}

}  // namespace gossan::cli
