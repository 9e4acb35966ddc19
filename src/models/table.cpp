#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "models/shape.hpp"

namespace gossan {

void check_shape(const ModelShape& shape, const char* who) {
  if (shape.rows < 1 || shape.cols < 1 || shape.rank < 1)
    throw std::invalid_argument(fmt::format("{}: the matrix is {} x {} of search rank {}, expected at least 1 each", who,
                                            shape.rows, shape.cols, shape.rank));
}

bool begins_with(const Params& theta, const Layout& layout) {
  const Layout whole = layout_of(theta);
  return whole.size() >= layout.size() && std::equal(layout.begin(), layout.end(), whole.begin());
}

const std::vector<Row<std::unique_ptr<Model>, ModelShape>>& models() {
  static const std::vector<Row<std::unique_ptr<Model>, ModelShape>> table = {
      row(
          "symmetric-factor", "X = U U^T: positive semidefinite",
          +[](NoOptions, ModelShape shape) { return symmetric_factor(shape); }),
      row(
          "factor-pair", "X = L R^T: any matrix", +[](NoOptions, ModelShape shape) { return factor_pair(shape); }),
      row(
          "full-matrix", "X, an entry a parameter: any matrix", +[](NoOptions, ModelShape shape) { return full_matrix(shape); }),
      row("deep-product", "X = W_N ... W_1, a product of three factors or more: any matrix", deep_product),
  };
  return table;
}

}  // namespace gossan
