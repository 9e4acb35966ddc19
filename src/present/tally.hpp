// What is flagged by row, by column or by point, and tables of the worst of them.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan {

using TextTable = std::pair<std::string, std::vector<std::vector<std::string>>>;  // title, rows, of which the first is the header

// Of the numbers 0 .. count - 1 that are wanted, the first `most` in the order of `before`; ties by number.
template <class Wanted, class Before>
std::vector<Index> leading(Index count, Index most, Wanted wanted, Before before) {
  std::vector<Index> order;
  for (Index k = 0; k < count; ++k) {
    if (wanted(k)) order.push_back(k);
  }
  std::stable_sort(order.begin(), order.end(), before);
  order.resize(static_cast<std::size_t>(std::min<Index>(std::ssize(order), most)));
  return order;
}

struct FlagTally {
  std::vector<Index> seen, flagged;

  explicit FlagTally(Index count) : seen(static_cast<std::size_t>(count)), flagged(seen.size()) {}
  Index count() const { return std::ssize(seen); }
  void add(Index at, bool is_flagged) {
    seen[static_cast<std::size_t>(at)] += 1;
    flagged[static_cast<std::size_t>(at)] += is_flagged ? 1 : 0;
  }
  Index seen_at(Index at) const { return seen[static_cast<std::size_t>(at)]; }
  Index flagged_at(Index at) const { return flagged[static_cast<std::size_t>(at)]; }
  double share(Index at) const {  // NaN where nothing was seen
    return seen_at(at) > 0 ? static_cast<double>(flagged_at(at)) / static_cast<double>(seen_at(at))
                           : std::numeric_limits<double>::quiet_NaN();
  }
  std::vector<Index> most_flagged(Index most) const {  // by falling share
    return leading(
        count(), most, [&](Index at) { return seen_at(at) > 0; }, [&](Index a, Index b) { return share(a) > share(b); });
  }
};

}  // namespace gossan
