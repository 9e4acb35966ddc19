// Random bits from counters: known answers, and the same bits from every instruction set.
#include "linalg/kernels/counter_bits.hpp"

#include <gtest/gtest.h>

#include "gossan/linalg.hpp"
#include "linalg/aligned.hpp"
#include "linalg/kernels/aes_round.hpp"
#include "simd_guard.hpp"

namespace gossan {
namespace {

constexpr std::uint64_t wide_seed = 0xa4093822299f31d0;

// The known answers of Philox4x32-10 that Random123 publishes (kat_vectors).
TEST(CounterBits, PhiloxIsRandom123s) {
  EXPECT_EQ(kernels::philox_block(0, {0, 0, 0, 0}), (BitBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(kernels::philox_block(~std::uint64_t{0}, {~0U, ~0U, ~0U, ~0U}),
            (BitBlock{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(kernels::philox_block(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}),
            (BitBlock{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// FIPS 197, appendix B: the whole of AES-128 on its example, the keys of every round as printed there.
TEST(AesRound, IsThatOfTheStandard) {
  constexpr kernels::AesState keys[11] = {
      {0x16157e2b, 0xa6d2ae28, 0x8815f7ab, 0x3c4fcf09}, {0x17fefaa0, 0xb12c5488, 0x3939a323, 0x05766c2a},
      {0xf295c2f2, 0x43b9967a, 0x7a803559, 0x7ff65973}, {0x7d47803d, 0x3efe1647, 0x447e231e, 0x3b887a6d},
      {0x41a544ef, 0x7f5b52a8, 0x3b2571b6, 0x00ad0bdb}, {0xf8c6d1d4, 0x879d837c, 0xbcb8f2ca, 0xbc15f911},
      {0x7aa3886d, 0xfd3e0b11, 0x4186f9db, 0xfd9300ca}, {0x0ef7544e, 0xf3c95f5f, 0xb24fa684, 0x4fdca64e},
      {0x2173d2ea, 0xd2ba8db5, 0x60f52b31, 0x2f298d7f}, {0xf36677ac, 0x21dcfa19, 0x4129d128, 0x6e005c57},
      {0xa8f914d0, 0x8925eec9, 0xc80c3fe1, 0xa60c63b6}};
  kernels::AesState state = {0xa8f64332, 0x8d305a88, 0xa2983131, 0x340737e0};
  for (std::size_t c = 0; c < 4; ++c) state[c] ^= keys[0][c];
  for (int r = 1; r < 10; ++r) state = kernels::aes_round(state, keys[r]);
  EXPECT_EQ(kernels::aes_last_round(state, keys[10]), (kernels::AesState{0x1d842539, 0xfb09dc02, 0x978511dc, 0x320b6a19}));
}

// What Random123's own ARS4x32_R<7>, built for a machine with AES instructions, answers; the upper half of our keys is 0.
TEST(CounterBits, ArsIsRandom123sWithSevenRounds) {
  EXPECT_EQ(kernels::ars_block(0, {0, 0, 0, 0}), (BitBlock{0xdacf61ff, 0xc45798f3, 0x113c7eeb, 0x101e27f3}));
  EXPECT_EQ(kernels::ars_block(~std::uint64_t{0}, {~0U, ~0U, ~0U, ~0U}),
            (BitBlock{0x5e39c131, 0xd1121a9c, 0xba0a9803, 0x9372482d}));
  EXPECT_EQ(kernels::ars_block(0x299f31d0a4093822, {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}),
            (BitBlock{0xb330966a, 0xd599daa5, 0xca557885, 0xb5de9cff}));
}

TEST(CounterBits, RowsAndColumnsAreTheBlocksOnEveryLevel) {
  const SimdGuard guard;
  constexpr Index rows = 32, blocks = 16;
  for (const Generator generator : {Generator::philox, Generator::ars})
    for (const std::uint64_t first : {std::uint64_t{0}, std::uint64_t{0xFFFFFFF1}}) {
      const BitStream stream{generator, wide_seed, 0x80000003};
      for (const auto& level : guard.levels()) {
        set_simd_level(level);
        AlignedVector<std::uint8_t> bytes(16 * rows * blocks);
        AlignedVector<std::uint32_t> words(4 * rows * blocks);
        bit_rows(stream, first, rows, blocks, bytes.data());
        bit_columns(stream, first, rows, blocks, words.data());
        for (Index r = 0; r < rows; ++r)
          for (Index k = 0; k < 4 * blocks; ++k) {
            const auto row = first + static_cast<std::uint64_t>(r);
            const auto word = bit_block(stream, row, static_cast<std::uint32_t>(k / 4))[static_cast<std::size_t>(k % 4)];
            ASSERT_EQ(words[static_cast<std::size_t>(k * rows + r)], word) << level << " row " << row << " word " << k;
            for (Index b = 0; b < 4; ++b)
              ASSERT_EQ(bytes[static_cast<std::size_t>(r * 16 * blocks + 4 * k + b)], word >> (8 * b) & 0xFF) << level;
          }
      }
    }
}

TEST(CounterBits, EverythingInTheirNameChangesThem) {
  for (const Generator generator : {Generator::philox, Generator::ars}) {
    const BitStream stream{generator, 5, 7};
    const BitBlock block = bit_block(stream, 11, 13);
    EXPECT_NE(bit_block({generator, 6, 7}, 11, 13), block);
    EXPECT_NE(bit_block({generator, 5 + (std::uint64_t{1} << 32), 7}, 11, 13), block);
    EXPECT_NE(bit_block({generator, 5, 8}, 11, 13), block);
    EXPECT_NE(bit_block(stream, 12, 13), block);
    EXPECT_NE(bit_block(stream, 11 + (std::uint64_t{1} << 32), 13), block);
    EXPECT_NE(bit_block(stream, 11, 14), block);
    EXPECT_EQ(bit_block(stream, 11, 13), block);
  }
}

}  // namespace
}  // namespace gossan
