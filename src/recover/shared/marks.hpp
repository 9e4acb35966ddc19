// What is marked among many: flags, and lists of what they are of.
#pragma once

#include <algorithm>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

inline double share_marked(const std::vector<bool>& marks) {  // 0 of none
  return static_cast<double>(std::count(marks.begin(), marks.end(), true)) / std::max(1.0, static_cast<double>(marks.size()));
}

// The i in 0 .. n-1 that holds(i).
template <class Holds>
std::vector<Index> where(Index n, Holds holds) {
  std::vector<Index> list;
  for (Index i = 0; i < n; ++i)
    if (holds(i)) list.push_back(i);
  return list;
}

}  // namespace gossan
