// Linear regression as sensing: the rows of the design matrix are d x 1 measurement matrices.
#include <utility>

#include "gossan/operators.hpp"

namespace gossan {

std::unique_ptr<Operator> design(Matrix A) {
  const Index d = A.cols();
  return dense(std::move(A), d, 1);
}

}  // namespace gossan
