// Entries of a matrix in the two orders that sweeps over rows and over columns want.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "gossan/complete.hpp"

namespace gossan::completing {

// The entries of row (or column) a are start[a] .. start[a+1]-1 of it.
struct Grouped {
  std::vector<Index> start;          // count + 1
  std::vector<std::uint32_t> other;  // N: column (row) of the entry
  std::vector<std::uint32_t> entry;  // N: its number in row order; empty for rows, where it is the position
  Index count() const { return static_cast<Index>(start.size()) - 1; }
  Index size(Index a) const { return start[static_cast<std::size_t>(a) + 1] - start[static_cast<std::size_t>(a)]; }
};

// Entries are numbered in row order.
struct Entries {
  Grouped by_row, by_col;
  std::vector<double> value;  // N
  std::vector<Index> source;  // N: place in the Ratings
  Index rows() const { return by_row.count(); }
  Index cols() const { return by_col.count(); }
  Index count() const { return static_cast<Index>(value.size()); }
};

// Those of the data that are marked in `chosen` (empty: all). The data have been checked.
Entries arrange(const Ratings& data, const std::vector<bool>& chosen = {});

// Throws std::invalid_argument, in the name of `who`, on what is no set of entries.
void check_entries(const Ratings& data, const std::string& who = "complete");

// Rows in a block of parallel loops over them: depends on nothing but how many there are.
inline Index row_block(Index count) { return std::max<Index>(1, std::min<Index>(64, count / 64)); }

}  // namespace gossan::completing
