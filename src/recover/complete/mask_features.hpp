// Who rated what: what the places of the entries say about rows and columns, whatever the values are.
#pragma once

#include "recover/complete/entries.hpp"

namespace gossan::completing {

// The features of a row as they follow from the n columns that it has entries in: (u - centre) * inverse_size,
// u = [(1 + n)^-1/2 sum of by_column over them | log(1 + n)]; and the range of u.
struct MaskMap {
  Matrix by_column;                              // cols x (f - 1)
  Vector centre, inverse_size, lowest, highest;  // f
};

struct Features {
  Matrix rows, cols;  // standardised columns; rows x f, cols x f
  MaskMap map = {};
};

// The 0/1 matrix B of observed places, degrees scaled away: D_r^-1/2 B D_c^-1/2 with D = 1 + count. Its leading singular vectors,
// at most 20, and the logarithm of D. The values take no part, so that corruption of these leaves the features as they are.
Features mask_features(const Entries& entries);

// What standardises the columns of F: (F - centre) * inverse_size has mean 0 and variance 1; of a constant column the inverse is
// 0.
struct Standard {
  Vector centre, inverse_size;
};
Standard standard_of(const Matrix& F);
Matrix standardised(const Matrix& F);

}  // namespace gossan::completing
