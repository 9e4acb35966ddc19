// The scale of honest residuals, read from the table's sample.
#pragma once

#include <algorithm>
#include <span>

#include "recover/rpca/table.hpp"
#include "recover/shared/scales.hpp"

namespace gossan::robust_pca {

// Numbers fitted to the sample, as its share of those fitted to the table.
inline double sample_freedom(const ObservedTable& table, Index rank) {
  return static_cast<double>(table.freedom(rank)) * static_cast<double>(table.sample.size()) /
         static_cast<double>(std::max<Index>(table.count, 1));
}
inline double falling_sample_scale(const ObservedTable& table, const TableFactors& X) {
  return falling_scale(sizes_at(X, table.sample), sample_freedom(table, X.rank())).scale;
}
inline double resting_sample_scale(const ObservedTable& table, const TableFactors& X) {
  return resting_scale(sizes_at(X, table.sample), sample_freedom(table, X.rank())).scale;
}

// The scale of normal residuals among others that are spread evenly near 0: those beyond 3 scales tell how many lie within, whose
// squares are taken out of the trimmed mean. Like honest_scale of `locate`, but from the resting scale and
// not from a quantile, and for residuals that a fit of `freedom` numbers has shrunk.
double clean_scale(std::span<const double> sizes, double freedom);

}  // namespace gossan::robust_pca
