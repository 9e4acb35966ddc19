// How fast memory can be read at all: the yardstick of every kernel that streams its data.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gossan {

// Reads count 64-bit words from the first to the last and does next to nothing with them; returns their exclusive or, so that no
// compiler may skip the reading.
std::uint64_t read_words(const std::uint64_t* words, std::size_t count);

}  // namespace gossan
