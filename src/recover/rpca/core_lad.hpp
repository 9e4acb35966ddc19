// From a nearly right subspace to exact digits: the rank is read on the part of the matrix that no single row or column carries,
// and every row and column is fitted anew by least absolute deviations.
#pragma once

#include <cstdint>

#include "recover/rpca/course.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

// The largest ratio between neighbours among the first `most` + 1 values, if it exceeds `needed`; else `most`, or as many as
// there are.
Index rank_at_gap(const Vector& values, Index most, double needed);

// Up to four rounds; the one with most exact entries beyond the numbers fitted, rank (rows + cols - rank).
TableFactors finish_on_core(const ObservedTable& table, TableFactors X, double tolerance, std::uint64_t seed, Course& course);
// That score.
double exact_score(const ObservedTable& table, Index exact, Index rank);

}  // namespace gossan::robust_pca
