#include "recover/shared/checks.hpp"

#include <algorithm>
#include <utility>

namespace gossan {

Check at_least(std::string name, double value, double bound, std::string meaning) {
  return {std::move(name), value, bound, value >= bound, std::move(meaning)};
}

Check at_most(std::string name, double value, double bound, std::string meaning) {
  return {std::move(name), value, bound, value <= bound, std::move(meaning)};
}

Check came_to_its_end(Status status) {
  return at_least("recovery came to its end", status == Status::converged ? 1.0 : 0.0, 1, "1: neither stopped nor diverged");
}

bool all_passed(const std::vector<Check>& checks) {
  return std::all_of(checks.begin(), checks.end(), [](const Check& check) { return check.passed; });
}

Verdict verdict_of(const std::vector<Check>& checks, bool hopeless) {
  if (all_passed(checks)) return Verdict::trusted;
  return hopeless ? Verdict::failed : Verdict::doubtful;
}

std::string against(const std::vector<Check>& checks, Verdict verdict, bool stopped, const std::string& nothing_found) {
  std::string message = stopped ? "Stopped before the end; this is a partial result. " : "";
  message += verdict == Verdict::failed ? nothing_found + " Failed:" : "In doubt:";
  for (const Check& check : checks)
    if (!check.passed) message += (message.back() == ':' ? " " : "; ") + check.name;
  return message + ".";
}

}  // namespace gossan
