// The option that most schedules have.
#pragma once

#include <string>
#include <utility>

#include "gossan/options.hpp"

namespace gossan {

inline Field step_field(double& step, std::string help) {
  return {.name = "step", .value = &step, .help = std::move(help), .least = 0, .above = true};
}

}  // namespace gossan
