// What "auto" means beside a method: the parts that its paper pairs it with.
#pragma once

#include "gossan/sense.hpp"

namespace gossan::sensing {

inline constexpr const char* automatic = "auto";

// Throws std::invalid_argument where a part needs the rank and none is given; what else is needed the parts' factories ask for.
void check_needs(const SenseOptions& options);

}  // namespace gossan::sensing
