// Some rows of a table, in memory, with a few entries held out: where the rank is read.
#pragma once

#include <cstdint>
#include <vector>

#include "gossan/rpca.hpp"

namespace gossan::rank_paths {

struct RowSample {
  struct Entry {
    Index i = 0, j = 0;  // i: of the sample
    double y = 0;
  };
  Matrix Y;  // NaN where nothing was observed or what was is held out
  std::vector<Entry> held_out;
  Index observed = 0;  // fitted and held out

  // |Y - L R^T| of the entries held out.
  std::vector<double> held_out_sizes(const Matrix& L, const Matrix& R) const;
};

// min(m, max(2000, min(20 n, 4000))) rows at random, of those that hold more than 0 and NaN: 20 n determine n columns
// well, and more than 4000 add nothing to it.
Index sampled_rows(Index m, Index n);
RowSample sample_rows(const TableRows& Y, double holdout, std::uint64_t seed);

}  // namespace gossan::rank_paths
