// Rows that a robust fit got wrong, by random minimal subsets.
#pragma once

#include <cstdint>
#include <vector>

#include "recover/rpca/lanes.hpp"

namespace gossan::robust_pca {

struct DrawSeed {
  std::uint64_t seed = 0, stream = 0;
};

// For each problem in `bad`: exact fits of 400 random subsets of as many entries as V has columns; the one that meets most
// entries, then least squares on those. A row of X changes only where it then meets more entries.
void repair_rows(const Lanes& table, const Matrix& V, const std::vector<Index>& bad, double tolerance, DrawSeed draws, Matrix& X);

// Problems for which what x leaves unmet speaks for another x: entries are met with the chance `share`, and the odds of the one
// against the other are below 1000. So it is where half of a row was negated.
std::vector<Index> ambiguous_rows(const Lanes& table, const Matrix& V, const Matrix& X, double tolerance, double share,
                                  DrawSeed draws);

}  // namespace gossan::robust_pca
