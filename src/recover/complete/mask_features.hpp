// Who rated what: what the places of the entries say about rows and columns, whatever the values are.
#pragma once

#include "recover/complete/entries.hpp"

namespace gossan::completing {

struct Features {
  Matrix rows, cols;  // standardised columns; rows x f, cols x f
};

// The 0/1 matrix B of observed places, degrees scaled away: D_r^-1/2 B D_c^-1/2 with D = 1 + count. Its leading singular vectors,
// at most 20, and the logarithm of D. The values take no part, so that corruption of these leaves the features as they are.
Features mask_features(const Entries& entries);

// Columns of mean 0 and variance 1; a constant column becomes 0.
Matrix standardised(const Matrix& F);

}  // namespace gossan::completing
