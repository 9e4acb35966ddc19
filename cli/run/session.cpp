#include "run/session.hpp"

#include "gossan/observers.hpp"
#include "run/interrupt.hpp"

namespace gossan::cli {

Fields LimitOptions::fields() {
  return {{.name = "time_limit",
           .value = &time_limit,
           .help = "stop after this many seconds and write what there is, 0: no limit",
           .least = 0,
           .most = 1e9}};
}

Session::Session(const std::string& verb, bool quiet, const LimitOptions& limits) : bar_(verb, quiet) {
  watch_.observers.push_back(interruptible(interrupt_flag()));
  if (limits.time_limit > 0) {
    const std::chrono::duration<double> limit(limits.time_limit);
    watch_.observers.push_back(until(start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit)));
  }
  watch_.progress = [this](std::string_view phase, double fraction) { bar_.show(phase, fraction); };
}

double Session::seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

ExitCode Session::finish(Status status, Verdict verdict) {
  bar_.clear();
  if (status == Status::interrupted) return interrupted;
  return verdict == Verdict::trusted ? recovered : doubtful;
}

}  // namespace gossan::cli
