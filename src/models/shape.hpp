#pragma once

#include "gossan/models.hpp"

namespace gossan {

// Throws std::invalid_argument, in the name of `who`, unless rows, cols and rank are all at least 1.
void check_shape(const ModelShape& shape, const char* who);

// Whether theta's first blocks have that layout.
bool begins_with(const Params& theta, const Layout& layout);

}  // namespace gossan
