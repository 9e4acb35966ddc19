// Binary numbers of any stored type, as doubles in C order: what .npy and .mat share.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

struct NumberType {
  enum class Kind { Float, Signed, Unsigned, Bool };
  Kind kind = Kind::Float;
  Index size = 8;        // bytes
  bool swapped = false;  // stored in the byte order that is not this machine's
};

// Number of elements. Empty when an extent is negative or when the extents other than zero already need more than 2^63 - 1
// bytes, so that no product of extents that a caller forms later overflows.
std::optional<Index> element_count(std::span<const Index> shape, Index item_size);

// `data` holds element_count(shape) numbers of `type`; Fortran order: the first index runs fastest.
std::vector<double> decode(const std::byte* data, NumberType type, std::span<const Index> shape, bool fortran_order);

// The last bytes of `values` hold as many numbers of `type`, 8 bytes each at most; they become the values.
void decode_in_place(std::span<double> values, NumberType type);

}  // namespace gossan
