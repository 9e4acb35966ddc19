// The check that measurements are finite numbers, at the speed of reading them.
#pragma once

#include <optional>
#include <span>

#include "gossan/matrix.hpp"

namespace gossan {

// The place of the first value that is infinite or NaN, if there is one.
std::optional<Index> first_not_finite(std::span<const double> values);

}  // namespace gossan
