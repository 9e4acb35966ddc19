// Synthetic tables for `rpca`, with their truth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "gossan/matrix.hpp"
#include "gossan/options.hpp"

namespace gossan {

// Mean: of |X| over all entries; the entries of X have root mean square 1.
struct GenerateTableOptions {
  Index rows = 200;
  Index cols = 150;
  Index rank = 5;
  double condition = 1.0;     // singular values fall geometrically from the largest to that / condition
  std::string spectrum = {};  // or are in proportion to these: "10, 5, 1"
  double observed = 1.0;      // chance of an entry to be seen
  double corrupted = 0.2;     // chance of an entry to be wrong; block: of a row and of a column to be in it
  std::string kind = "unif";  // unif, huge, one-sided, flip, block
  double magnitude = 10.0;  // of what is added, in means: unif +-, one-sided, block; huge: 100 times it is the standard deviation
  double noise = 0.0;       // standard deviation of Gaussian noise on every entry
  std::uint64_t seed = 0;
  Fields fields();
};
struct GeneratedTable {
  Matrix Y;                     // rows x cols, NaN where not seen
  Matrix X;                     // the truth
  std::vector<bool> corrupted;  // rows cols, row-major; seen entries only
  Index observed = 0;
};
// Throws std::invalid_argument on options out of bounds, a rank beyond a side, and more than 2^31 entries.
GeneratedTable generate_table(GenerateTableOptions options);

}  // namespace gossan
