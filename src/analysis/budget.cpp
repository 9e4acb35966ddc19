// How far the steps of a geometric rule can carry a run. With steps eta rho^t / ||Q||, and Q close to a multiple of X - X*, whose
// norm is the largest singular value not yet learnt, number i grows at the relative rate 2 sigma_i / sigma_j while number j is
// learnt.
#include <cmath>
#include <limits>

#include "gossan/trajectory.hpp"

namespace gossan {

Budget geometric_budget(double step, double ratio, Index steps) {
  const double taken = static_cast<double>(steps);
  const bool endless = ratio == 1;
  return {endless ? std::numeric_limits<double>::infinity() : step / (1 - ratio),
          endless ? step * taken : step * -std::expm1(taken * std::log(ratio)) / (1 - ratio),
          std::numeric_limits<double>::quiet_NaN()};
}

double needed_way(const Factors& start, const Svd& wanted) {
  const double rate = &start.L == &start.R ? 2 : 1;
  const Matrix along = wanted.U.transpose() * start.L + wanted.V.transpose() * start.R;
  double way = 0, shared = 0;  // sum of b_j, and of b_j / sigma_j
  for (Index i = 0; i < wanted.s.size(); ++i) {
    const double sigma = wanted.s(i);
    const double growth = std::log(2 * std::sqrt(sigma) / along.row(i).stableNorm());
    const double b = std::max(0.0, growth / rate - sigma * shared);
    way += b;
    shared += b / sigma;
  }
  return way;
}

}  // namespace gossan
