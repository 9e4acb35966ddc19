// Why an answer may be believed: checks that need no ground truth, and the verdict drawn from them.
#pragma once

#include <string>
#include <vector>

namespace gossan {

enum class Verdict { trusted, doubtful, failed };
std::string to_string(Verdict verdict);

struct Check {
  std::string name;  // "held-out pairs agree"
  double value = 0;  // measured
  double bound = 0;  // what it was compared with
  bool passed = false;
  std::string meaning;  // one sentence: what the number says
};

struct Evidence {
  Verdict verdict = Verdict::failed;
  std::string message;  // one or two sentences in plain words
  std::vector<Check> checks;
};

}  // namespace gossan
