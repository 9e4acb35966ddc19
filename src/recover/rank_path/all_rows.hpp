// Passes over all of a table that fit nothing: what is in it, and what a fit leaves of it. Unlike those of rpca (take_census,
// put), whose table is held afterwards, they read blocks of rows at the same time.
#pragma once

#include <vector>

#include "gossan/rpca.hpp"

namespace gossan::rank_paths {

struct Observed {
  std::vector<Index> rows, cols;  // observed entries of each
  Index total = 0;
};
// Throws std::invalid_argument on infinity and on numbers beyond 1e150.
Observed count_observed(const TableRows& Y);

struct Flagged {
  std::vector<bool> outliers;     // m n: |Y - L R^T| > cut
  std::vector<Index> rows, cols;  // flagged entries of each
  Index total = 0;
  double squares = 0;  // of the residuals that are not flagged
};
Flagged flag(const TableRows& Y, const Matrix& L, const Matrix& R, double cut);

}  // namespace gossan::rank_paths
