// Random low-rank matrices.
#pragma once

#include <cstdint>
#include <string>

#include "gossan/matrix.hpp"
#include "gossan/options.hpp"

namespace gossan::generate {

// The options that tell a random low-rank matrix, of `most` rows, columns and rank.
Fields matrix_fields(Index& rows, Index& cols, Index& rank, double& condition, double most);
// The same up to a million, where its singular values may be given as well.
Fields matrix_fields(Index& rows, Index& cols, Index& rank, double& condition, std::string& spectrum);
// Throws std::invalid_argument, in the name of `who`, where the rank exceeds a side.
void check_rank(Index rank, Index rows, Index cols, const std::string& who);

// Falls geometrically from 1 to 1 / condition; or the numbers listed in `given` ("10, 5, 1"), which must be as many as the rank,
// finite, positive and not rising: std::invalid_argument naming `who` where they are not.
Vector singular_values(Index rank, double condition, const std::string& given, const std::string& who);

// U diag(s) V^T with random orthonormal U (rows) and V (cols); V = U where symmetric. Uses streams `stream` and `stream` + 1.
Matrix random_low_rank(Index rows, Index cols, const Vector& s, bool symmetric, std::uint64_t seed, std::uint64_t stream);

}  // namespace gossan::generate
