// Why an exact low-rank answer may be believed: nothing here needs the truth.
#pragma once

#include <vector>

#include "gossan/evidence.hpp"
#include "gossan/linalg.hpp"
#include "recover/rpca/exact_counts.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// The smallest k-th singular value of X without its rows and columns of highest leverage, 5 % and then 25 % of them, over the
// k-th of all of X: near 0 where a direction is carried by a few rows or columns, as swallowed outliers are.
double support(const Svd& X);
// The largest leverage of a row or column over what it may be, max(1/2, 3 rank / side).
double peak_leverage(const Svd& X);
// Both against what they must be, for fits of exact and of noisy entries.
std::vector<Check> direction_checks(const Svd& X);
bool well_supported(const Svd& X);

struct Certificate {
  std::vector<Check> checks;
  bool passed = false;
  ExactCounts exact;
  std::vector<Index> bad_rows, bad_cols;
};
Certificate certify(const ObservedTable& table, const TableFactors& X, double tolerance);

}  // namespace gossan::robust_pca
