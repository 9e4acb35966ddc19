// The bytes of a .npy file, for the writers of .npy and .npz.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "gossan/matrix.hpp"

namespace gossan {

// Magic, version 1.0, and the dictionary padded so that the data begin at a multiple of 64 bytes. `dtype`: "f8" or "b1".
std::string npy_preamble(std::string_view dtype, std::span<const Index> shape);

// Throws std::invalid_argument when `shape` does not hold exactly `count` values.
void check_shape(std::string_view who, std::size_t count, std::span<const Index> shape);

}  // namespace gossan
