// Entries that a matrix meets exactly, by row and by column, and whether chance allows so few.
#pragma once

#include <vector>

#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

struct ExactCounts {
  std::vector<Index> rows, cols;
  Index total = 0;
  double share = 0;  // of the fitted entries
};
// |X - Y| <= bound.
ExactCounts count_exact(const ObservedTable& table, const TableFactors& X, double bound);

// For every row or column: at least `least` exact entries, and as many as chance allows.
std::vector<char> enough(const std::vector<Index>& exact, const std::vector<Index>& observed, double share, Index least);
Index failures(const std::vector<char>& passed);
std::vector<Index> where_failed(const std::vector<char>& passed);

}  // namespace gossan::robust_pca
