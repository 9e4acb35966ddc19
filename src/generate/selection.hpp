// Random subsets of an exact size.
#pragma once

#include <cmath>

#include "gossan/random.hpp"

namespace gossan::generate {

// How many of `n` a share means, to the nearest.
inline Index share_of(double share, Index n) { return static_cast<Index>(std::llround(share * static_cast<double>(n))); }

// A uniformly random subset of exactly `wanted` of n items, told item by item in order (Knuth, The Art of Computer Programming
// 2, 3.4.2, Algorithm S): nothing is stored and nothing needs sorting.
class Selection {
 public:
  Selection(Index n, Index wanted, const Random& random) : left_(n), wanted_(wanted), random_(random) {}

  bool next() {
    const bool taken = random_.below(drawn_++, left_--) < wanted_;
    if (taken) --wanted_;
    return taken;
  }

 private:
  Index left_, wanted_, drawn_ = 0;
  Random random_;
};

}  // namespace gossan::generate
