// What this machine can do at most: yardsticks for the kernels, measured rather than looked up.
#pragma once

#include <cstdint>
#include <span>

#include "gossan/matrix.hpp"

namespace gossan {

// All threads read the words once, each a linear stream at a time. Returns their exclusive or, which nobody needs.
std::uint64_t read_linearly(std::span<const std::uint64_t> words);

// All threads multiply and add in registers, `rounds` times each, and touch no memory. Returns how many additions and
// multiplications that were.
double multiply_and_add(Index rounds, double seed);
double multiply_and_add(Index rounds, float seed);

}  // namespace gossan
