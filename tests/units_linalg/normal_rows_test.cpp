// Normal numbers from random words: known answers, the same bits from every instruction set, and how far they are from the
// functions that they stand for.
#include "linalg/kernels/normal_rows.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <numbers>

#include "gossan/linalg.hpp"
#include "gossan/random.hpp"
#include "linalg/aligned.hpp"
#include "linalg/kernels/counter_bits.hpp"
#include "simd_guard.hpp"

namespace gossan {
namespace {

// Pairs that are random, and all of those whose words lie where something changes.
std::vector<std::uint32_t> words() {
  std::vector<std::uint32_t> all;
  const BitStream stream{Generator::philox, 1, 2};
  for (std::uint32_t b = 0; b < 50'000; ++b)
    for (const std::uint32_t word : bit_block(stream, 3, b)) all.push_back(word);
  std::vector<std::uint32_t> edges = {0, 1, 2, 3, 255, 0xB504F333, 0xB504F300, 0xB504F280, 0xB504F380};
  for (int k = 2; k < 32; ++k)
    for (const int step : {-1, 0, 1}) edges.push_back((1U << k) + static_cast<std::uint32_t>(step));
  for (std::uint32_t k = 0; k < 5; ++k)
    for (const std::uint32_t step : {1U, 64U, 65U, 127U, 128U, 129U}) edges.push_back(0U - k * 0x20000000U - step);
  for (const std::uint32_t radius : edges)
    for (const std::uint32_t angle : edges) {
      all.push_back(radius);
      all.push_back(angle);
    }
  all.resize((all.size() + 63) / 64 * 64, 7);
  return all;
}

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

// What docs/ensembles.md lists, as NumPy computes them.
TEST(NormalRows, KnownAnswers) {
  const auto expect = [](std::uint32_t radius, std::uint32_t angle, std::uint32_t first, std::uint32_t second) {
    const auto pair = normal_pair(radius, angle);
    EXPECT_EQ(bits(pair[0]), first) << std::hex << radius << " " << angle << " " << bits(pair[0]) << " " << bits(pair[1]);
    EXPECT_EQ(bits(pair[1]), second) << std::hex << radius << " " << angle;
  };
  expect(0x00000000, 0x00000000, 0x40d87047, 0x00000000);
  expect(0x6627e8d5, 0xe169c58d, 0xbf6cb6b0, 0xbf7dbb31);
  expect(0xbc57ac4c, 0x9b00dbd8, 0xbf1e1ba0, 0xbef6d1b3);
  expect(0xb504f333, 0x5fffffff, 0xbf16b560, 0x3f16b55e);
  expect(0xffffff00, 0x40000000, 0x80000000, 0x39b504f3);
  expect(0xffffffff, 0x12345678, 0x80000000, 0x80000000);
}

TEST(NormalRows, TheSameBitsOnEveryLevel) {
  const SimdGuard guard;
  const auto drawn_from = words();
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    AlignedVector<std::uint8_t> rows(4 * drawn_from.size());
    std::memcpy(rows.data(), drawn_from.data(), rows.size());
    normal_draw(rows.data(), 1, static_cast<Index>(drawn_from.size()));
    for (std::size_t k = 0; k < drawn_from.size(); k += 2) {
      std::uint32_t fast[2];
      std::memcpy(fast, rows.data() + 4 * k, 8);
      const auto pair = normal_pair(drawn_from[k], drawn_from[k + 1]);
      ASSERT_EQ(fast[0], bits(pair[0])) << level << std::hex << " " << drawn_from[k] << " " << drawn_from[k + 1];
      ASSERT_EQ(fast[1], bits(pair[1])) << level << std::hex << " " << drawn_from[k] << " " << drawn_from[k + 1];
    }
  }
}

// Relative to the radius, whose own error is relative to itself.
TEST(NormalRows, AreBoxAndMullersToSinglePrecision) {
  const auto drawn_from = words();
  double worst = 0, farthest = 0;
  for (std::size_t k = 0; k < drawn_from.size(); k += 2) {
    const double u = static_cast<double>(static_cast<float>(drawn_from[k]) * 0x1p-32F + 0x1p-33F);
    const double radius = std::sqrt(-2 * std::log(u)), angle = drawn_from[k + 1] >> 30;
    const double g = static_cast<double>(static_cast<std::int32_t>(drawn_from[k + 1] << 2)) * 0x1p-32;
    const double turn = (angle + g) * std::numbers::pi / 2;
    const auto pair = normal_pair(drawn_from[k], drawn_from[k + 1]);
    const double off = std::hypot(double{pair[0]} - radius * std::cos(turn), double{pair[1]} - radius * std::sin(turn));
    if (radius > 0)
      worst = std::max(worst, off / radius);
    else
      EXPECT_EQ(off, 0);
    farthest = std::max(farthest, std::abs(double{pair[0]}));
  }
  EXPECT_LE(worst, 2e-7);
  EXPECT_GE(worst, 5e-8);
  EXPECT_NEAR(farthest, std::sqrt(66 * std::numbers::ln2), 1e-6);
}

TEST(NormalRows, AddsOnEveryLevel) {
  const SimdGuard guard;
  for (const auto& level : guard.levels()) {
    set_simd_level(level);
    for (const Index rows : {1, 3, 16})
      for (const Index entries : {64, 192}) {
        AlignedVector<float> A(static_cast<std::size_t>(rows * entries));
        const Matrix numbers = normal_matrix(rows, entries, Random(1, 0)), w = normal_matrix(rows, 1, Random(1, 1));
        for (Index e = 0; e < rows * entries; ++e) A[static_cast<std::size_t>(e)] = static_cast<float>(numbers.data()[e]);
        AlignedVector<double> S(static_cast<std::size_t>(entries), 0.5);
        normal_add(A.data(), rows, entries, w.data(), S.data());
        const Vector wanted = numbers.cast<float>().cast<double>().transpose() * w;
        for (Index e = 0; e < entries; ++e) ASSERT_NEAR(S[static_cast<std::size_t>(e)], wanted(e) + 0.5, 1e-13) << level;
      }
  }
}

}  // namespace
}  // namespace gossan
