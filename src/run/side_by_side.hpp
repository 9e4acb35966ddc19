// Runs that have nothing to do with one another, a thread each.
#pragma once

#include <optional>

#include "gossan/function_ref.hpp"
#include "gossan/run.hpp"

namespace gossan {

// body(k) for k = 0 .. n-1, several at a time. Once one returns a status, or throws, no further one is begun. Returns the first
// such status; what was thrown comes out.
std::optional<Status> side_by_side(Index n, function_ref<std::optional<Status>(Index k)> body);

}  // namespace gossan
