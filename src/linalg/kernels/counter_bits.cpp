#include "linalg/kernels/counter_bits.hpp"

namespace gossan {

BitBlock bit_block(const BitStream& stream, std::uint64_t row, std::uint32_t block) {
  const BitBlock counter = kernels::counter_of(stream, row, block);
  return stream.generator == Generator::philox ? kernels::philox_block(stream.seed, counter)
                                               : kernels::ars_block(stream.seed, counter);
}

void bit_rows(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint8_t* out) {
  const auto draw = stream.generator == Generator::philox ? kernels::philox_rows : kernels::ars_rows;
  draw(stream, first, rows, blocks, out);
}

void bit_columns(const BitStream& stream, std::uint64_t first, Index rows, Index blocks, std::uint32_t* out) {
  const auto draw = stream.generator == Generator::philox ? kernels::philox_columns : kernels::ars_columns;
  draw(stream, first, rows, blocks, out);
}

}  // namespace gossan
