// Counter-based random numbers (Philox4x32-10 of Random123): a pure function of (seed, stream, index), so that any part of a
// stream can be drawn by any thread, in any order, with the same bits.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}

  std::array<std::uint64_t, 2> bits(Index i) const;  // 128 fresh bits for every i >= 0
  double uniform(Index i) const;                     // in (0, 1), 53 bits
  double normal(Index i) const;                      // N(0, 1), Box-Muller; numbers 2k and 2k+1 share one block of bits
  Index below(Index i, Index bound) const;           // uniform in 0 .. bound-1; bound > 0

 private:
  std::uint64_t seed_;
  std::uint64_t stream_;
};

Matrix normal_matrix(Index rows, Index cols, const Random& random);  // entry (a, b) is number a * cols + b
std::vector<Index> permutation(Index n, const Random& random);       // a uniform permutation of 0 .. n-1

}  // namespace gossan
