// The loop behind run() and minimise().
#pragma once

#include "gossan/run.hpp"

namespace gossan {

// `initial` is what Result::theta holds before the first finite step.
Result run_from(Iteration& iteration, Params initial, const Stop& stop, std::span<const Observer> observers);

}  // namespace gossan
