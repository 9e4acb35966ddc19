// Orthonormal bases and singular values of low-rank matrices held by their factors.
#pragma once

#include "gossan/linalg.hpp"
#include "recover/rpca/table.hpp"

namespace gossan::robust_pca {

Svd singular(const TableFactors& X);  // as many as it has columns, or 0 x 0 of none
// Both factors of length sqrt(singular value), cut to `rank`.
TableFactors balanced(const Svd& svd, Index rank);
// Squared lengths of the rows of an orthonormal basis: leverages.
Vector leverages(const Matrix& U);
// Of one of `count` rows in a basis of `rank`: with more it is a direction of its own.
double allowed_leverage(Index rank, Index count);
// Rows of F where keep is false are 0.
Matrix only(const Matrix& F, const std::vector<char>& keep);

}  // namespace gossan::robust_pca
