// A progress bar on standard error: "locate: polish  [#####.....]  52 %, 3 s left".
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace gossan::cli {

class ProgressBar {
 public:
  // Silent unless standard error is a terminal.
  ProgressBar(std::string verb, bool quiet);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void show(std::string_view phase, double fraction);  // redraws at most ten times a second
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  std::string verb_;
  bool enabled_ = false;
  bool drawn_ = false;
  Clock::time_point start_, last_;
};

// The line that show() draws: at most 78 columns wide.
std::string progress_line(std::string_view verb, std::string_view phase, double fraction, double seconds);

}  // namespace gossan::cli
