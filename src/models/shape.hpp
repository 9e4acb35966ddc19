#pragma once

#include "gossan/models.hpp"

namespace gossan {

// Throws std::invalid_argument, in the name of `who`, unless rows, cols and rank are all at least 1.
void check_shape(const ModelShape& shape, const char* who);

}  // namespace gossan
