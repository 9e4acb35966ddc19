#include "run/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace gossan::cli {
namespace {

std::string time_left(double fraction, double seconds) {
  const bool too_early = fraction < 0.02 || seconds < 0.5;
  if (too_early) return "";
  const double left = std::ceil(seconds * (1 - fraction) / fraction);
  if (left >= 3600) return fmt::format(", {:.0f} h {:02.0f} min left", std::floor(left / 3600), std::fmod(left, 3600) / 60);
  if (left >= 60) return fmt::format(", {:.0f} min {:02.0f} s left", std::floor(left / 60), std::fmod(left, 60));
  return fmt::format(", {:.0f} s left", left);
}

}  // namespace

std::string progress_line(std::string_view verb, std::string_view phase, double fraction, double seconds) {
  constexpr int width = 24;
  fraction = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
  const int full = static_cast<int>(fraction * width);
  const std::string bar =
      std::string(static_cast<std::size_t>(full), '#') + std::string(static_cast<std::size_t>(width - full), '.');
  return fmt::format("{}: {:<14.14} [{}] {:3.0f} %{}", verb, phase, bar, 100 * fraction, time_left(fraction, seconds));
}

ProgressBar::ProgressBar(std::string verb, bool quiet)
    : verb_(std::move(verb)), enabled_(!quiet && isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_(start_) {}

ProgressBar::~ProgressBar() { clear(); }

void ProgressBar::show(std::string_view phase, double fraction) {
  if (!enabled_) return;
  const auto now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  fmt::print(stderr, "\r\033[K{}", progress_line(verb_, phase, fraction, seconds));
  std::fflush(stderr);
}

void ProgressBar::clear() {
  if (!drawn_) return;
  drawn_ = false;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
}

}  // namespace gossan::cli
