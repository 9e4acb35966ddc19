// Measurement matrices of normal numbers in single precision, made of random words by Box and Muller's transform:
// docs/ensembles.md defines every bit of them, and no compiler may contract their products and sums.
//
// Rows lie one after another, `entries` words or numbers each: a multiple of 64. Rows begin on cache lines.
#pragma once

#include <array>
#include <cstdint>

#include "gossan/matrix.hpp"

namespace gossan {

// The definition, by plain code: two words, two independent numbers.
std::array<float, 2> normal_pair(std::uint32_t radius, std::uint32_t angle);

// Random words to numbers, in place.
void normal_draw(std::uint8_t* rows, Index count, Index entries);
// S_e += sum_i w_i rows_i(e).
void normal_add(const float* rows, Index count, Index entries, const double* w, double* S);

}  // namespace gossan
