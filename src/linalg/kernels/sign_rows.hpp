// Measurement matrices of signs, one bit an entry (1: +1, 0: -1), 256 measurements at a time: word k of measurement m is
// bits[256 k + m], its bit b entry 32 k + b (bit_columns of counter_bits.hpp).
//
// Predictions look the sum of a few entries up instead of adding them: a vector instruction finds one of 16 (or 8) numbers in
// every lane, so entries are grouped by four (or three) and a table holds the signed sums of each group. Adjoints count.
#pragma once

#include <cstdint>

#include "gossan/matrix.hpp"

namespace gossan {

inline constexpr Index sign_lanes = 256;
inline constexpr Index sign_table_per_word = 128;  // numbers of a table for 32 entries, whatever the instruction set

// Of M, 32 words numbers; T has sign_table_per_word * words.
void sign_table(const double* M, Index words, float* T);
// Of M in fixed point, M = unit * (2^24 high + low) with |high|, |low| <= 2^23: all sums are exact. Twice as many numbers: those
// of the high parts, then those of the low ones.
void sign_table(const double* M, Index words, double unit, std::int32_t* T);
double sign_unit(double largest);  // the power of two that makes |M| <= largest fit

// z_m = <A_m, M> for 256 measurements. words is a multiple of 4.
void sign_predict(const std::uint32_t* bits, Index words, const float* T, float* z);
void sign_predict(const std::uint32_t* bits, Index words, double unit, const std::int32_t* T, double* z);

// count_e += how many m have bit e of (bits ^ flip) & keep set; flip and keep are 0 or all ones, one a measurement.
void sign_count(const std::uint32_t* bits, Index words, const std::uint32_t* flip, const std::uint32_t* keep,
                std::int32_t* count);
// S_e += sum_m w_m A_m(e).
void sign_add(const std::uint32_t* bits, Index words, const double* w, double* S);

}  // namespace gossan
