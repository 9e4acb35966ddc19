#include "gossan/init.hpp"

namespace gossan {

const std::vector<Row<Params, InitContext>>& initialisations() {
  static const std::vector<Row<Params, InitContext>> table{
      row("small-random", "independent Gaussian entries of size alpha", small_random),
      row("scaled-identity", "every block alpha times the identity: for square factors, as of deep-product", scaled_identity),
      row("spectral", "leading part of the mean of y_i A_i; gross errors tilt it", spectral),
      row("robust-spectral", "leading part of the mean of Sign(y_i) A_i: directions alone, any outliers (Ma & Fattahi 2023)",
          robust_spectral),
      row("truncated-spectral", "leading part of the mean of y_i A_i over the smallest |y_i| (Tong, Ma & Chi 2021)",
          truncated_spectral, {Need::corruption}),
  };
  return table;
}

}  // namespace gossan
