// Measurement matrices of small integers, one byte an entry, that random bytes choose from a table of 128 levels.
//
// Rows lie one after another, `entries` bytes each (a multiple of 256: bit_rows of counter_bits.hpp), in a form that depends on
// the instruction set: only the functions here read them. Sums of levels are integers and exact.
#pragma once

#include <array>
#include <cstdint>

#include "gossan/matrix.hpp"
#include "linalg/aligned.hpp"

namespace gossan {

// Levels of the Gaussian table in units of 1/32: level j is the root mean square of N(0, 1) over the j-th of 64 equally likely
// ranges of |x|, rounded; that of range 36 is one up, which makes the variance 1 exactly. Kurtosis 2.93.
inline constexpr double gaussian_level_unit = 1.0 / 32;
inline constexpr std::array<std::int8_t, 64> gaussian_levels = {0,  1,  2,  2,  3,  3,  4,  5,  5,  6,  7,  7,  8,  9,  9,  10,
                                                                11, 11, 12, 13, 13, 14, 15, 15, 16, 17, 17, 18, 19, 20, 20, 21,
                                                                22, 23, 24, 24, 26, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36,
                                                                37, 39, 40, 41, 43, 45, 46, 48, 50, 52, 55, 58, 62, 66, 73, 88};
// Bits 0 to 5 of a random byte choose the level, bit 6 set makes it negative, bit 7 is not used.
constexpr std::int8_t gaussian_level(std::uint8_t byte) {
  const std::int8_t level = gaussian_levels[byte & 63];
  return static_cast<std::int8_t>(byte & 64 ? -level : level);
}

inline constexpr Index level_granule = 4;  // rows are drawn and read by fours
inline constexpr Index most_level_rows = 256;

// Random bytes to levels, in place.
void level_draw(std::uint8_t* rows, Index count, Index entries);

// The unknown as predictions read it: its digits to the base 256, or floating-point numbers.
struct LevelForm {
  AlignedVector<std::uint8_t> data;  // 8 entries bytes
  double unit = 1;                   // of the last digit
  std::array<std::int64_t, 6> digit_sums{};
};
// rough: three digits (or single precision), else six (or double precision). largest >= |M|, finite.
void level_layout(const double* M, Index entries, double largest, bool rough, LevelForm& form);
// z_i = sum_e level_i(e) M_e.
void level_predict(const std::uint8_t* rows, Index count, Index entries, const LevelForm& form, bool rough, double* z);

// sum += signs_i level_i over count rows, signs -1, 0 or 1. The order of the sums depends on the instruction set.
void level_count(const std::uint8_t* rows, Index count, Index entries, const std::int8_t* signs, std::int32_t* sum);
void level_sums(const std::int32_t* sum, Index entries, double weight, double* S);  // S += weight sum, in the order of entries
// S_e += sum_i w_i level_i(e).
void level_add(const std::uint8_t* rows, Index count, Index entries, const double* w, double* S);

}  // namespace gossan
