#include <stdexcept>

#include "gossan/trajectory.hpp"

namespace gossan {

Svd spectrum_of_truth(const Matrix& truth) {
  if (!truth.allFinite()) throw std::invalid_argument("spectrum_of_truth: the matrix has entries that are not finite");
  if (truth.isZero(0)) throw std::invalid_argument("spectrum_of_truth: the matrix is 0, expected one that can be learnt");
  constexpr double dust = 1e-10;
  const Svd all = svd(truth);
  const Index rank = (all.s.array() > dust * all.s(0)).count();
  return {all.U.leftCols(rank), all.s.head(rank), all.V.leftCols(rank)};
}

}  // namespace gossan
