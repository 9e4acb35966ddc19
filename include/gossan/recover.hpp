// What the recoveries share: recipes that need no tuning and return the answer with its evidence.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gossan/options.hpp"

namespace gossan {

// What was chosen for the user, by name, in order.
using Choices = std::vector<std::pair<std::string, std::string>>;

struct RecoveryRow {
  std::string name;  // the verb
  std::string help;
  std::string input;  // what it reads
  std::vector<FieldView> options;
};
const std::vector<RecoveryRow>& recoveries();

}  // namespace gossan
