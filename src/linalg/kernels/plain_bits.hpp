// Random bits block by block, for machines without vectors.
#pragma once

#include "linalg/kernels/counter_bits.hpp"

namespace gossan::kernels {

// What ars_rows and philox_rows leave in `out`; block_of: ars_block or philox_block.
template <class BlockOf>
void plain_rows(BlockOf block_of, const BitStream& stream, std::uint64_t first, Index count, Index blocks, std::uint8_t* out) {
  for (Index r = 0; r < count; ++r)
    for (Index b = 0; b < blocks; ++b, out += 16) {
      const auto row = first + static_cast<std::uint64_t>(r);
      const BitBlock words = block_of(stream.seed, counter_of(stream, row, static_cast<std::uint32_t>(b)));
      for (std::size_t k = 0; k < 16; ++k) out[k] = static_cast<std::uint8_t>(words[k / 4] >> (8 * (k % 4)));
    }
}

// The same for ars_columns and philox_columns.
template <class BlockOf>
void plain_columns(BlockOf block_of, const BitStream& stream, std::uint64_t first, Index count, Index blocks,
                   std::uint32_t* out) {
  for (Index b = 0; b < blocks; ++b)
    for (Index r = 0; r < count; ++r) {
      const auto row = first + static_cast<std::uint64_t>(r);
      const BitBlock words = block_of(stream.seed, counter_of(stream, row, static_cast<std::uint32_t>(b)));
      for (Index k = 0; k < 4; ++k) out[(4 * b + k) * count + r] = words[static_cast<std::size_t>(k)];
    }
}

}  // namespace gossan::kernels
