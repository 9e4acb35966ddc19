// Some rows of a table, in memory, with a few entries held out: where the rank is read.
#pragma once

#include <cstdint>
#include <vector>

#include "gossan/rpca.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::rank_paths {

struct RowSample {
  Matrix Y;                                      // NaN where nothing was observed or what was is held out
  std::vector<robust_pca::TableEntry> held_out;  // rows numbered in the sample
  Index observed = 0;                            // fitted and held out
};

// min(m, max(2000, min(20 n, 4000))) rows at random, of those that hold more than 0 and NaN: 20 n determine n columns
// well, and more than 4000 add nothing to it.
Index sampled_rows(Index m, Index n);
RowSample sample_rows(const TableRows& Y, double holdout, std::uint64_t seed);

}  // namespace gossan::rank_paths
