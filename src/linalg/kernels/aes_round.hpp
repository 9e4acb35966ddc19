// One round of AES (FIPS 197) on a state of 16 bytes held as four little-endian words, one a column. Plain code: the same bits as
// the machine's own instruction, and as slow as tables are.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace gossan::kernels {

using AesState = std::array<std::uint32_t, 4>;

constexpr std::uint8_t aes_double(std::uint8_t x) { return static_cast<std::uint8_t>((x << 1) ^ (x & 0x80 ? 0x1b : 0)); }

// The S-box: inverses in GF(2^8) by powers of the generator 3, then the affine map.
constexpr std::array<std::uint8_t, 256> aes_s_box() {
  std::array<std::uint8_t, 256> box{};
  std::uint8_t p = 1, q = 1;  // p q = 1 throughout
  do {
    p = static_cast<std::uint8_t>(p ^ aes_double(p));  // times 3
    q = static_cast<std::uint8_t>(q ^ (q << 1));       // over 3
    q = static_cast<std::uint8_t>(q ^ (q << 2));
    q = static_cast<std::uint8_t>(q ^ (q << 4));
    if (q & 0x80) q ^= 0x09;
    box[p] = static_cast<std::uint8_t>(q ^ std::rotl(q, 1) ^ std::rotl(q, 2) ^ std::rotl(q, 3) ^ std::rotl(q, 4) ^ 0x63);
  } while (p != 1);
  box[0] = 0x63;
  return box;
}

// S-box and column mixing of a byte of row 0: the column (2, 1, 1, 3) S(x). Those of other rows are its rotations.
constexpr std::array<std::uint32_t, 256> aes_mixed_columns() {
  constexpr auto box = aes_s_box();
  std::array<std::uint32_t, 256> columns{};
  for (std::size_t x = 0; x < 256; ++x) {
    const std::uint8_t once = box[x], twice = aes_double(once);
    columns[x] = twice | std::uint32_t{once} << 8 | std::uint32_t{once} << 16 | std::uint32_t(once ^ twice) << 24;
  }
  return columns;
}

// Byte `row` of the column that ShiftRows moves to column c.
constexpr std::uint8_t aes_shifted(const AesState& state, std::size_t c, std::size_t row) {
  return static_cast<std::uint8_t>(state[(c + row) % 4] >> (8 * row));
}

inline AesState aes_round(const AesState& state, const AesState& key) {
  static constexpr auto mixed = aes_mixed_columns();
  AesState next{};
  for (std::size_t c = 0; c < 4; ++c)
    next[c] = key[c] ^ mixed[aes_shifted(state, c, 0)] ^ std::rotl(mixed[aes_shifted(state, c, 1)], 8) ^
              std::rotl(mixed[aes_shifted(state, c, 2)], 16) ^ std::rotl(mixed[aes_shifted(state, c, 3)], 24);
  return next;
}

// Without the mixing of columns.
inline AesState aes_last_round(const AesState& state, const AesState& key) {
  static constexpr auto box = aes_s_box();
  AesState next{};
  for (std::size_t c = 0; c < 4; ++c)
    next[c] = key[c] ^ (box[aes_shifted(state, c, 0)] | std::uint32_t{box[aes_shifted(state, c, 1)]} << 8 |
                        std::uint32_t{box[aes_shifted(state, c, 2)]} << 16 | std::uint32_t{box[aes_shifted(state, c, 3)]} << 24);
  return next;
}

}  // namespace gossan::kernels
