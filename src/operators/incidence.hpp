// Which measurements touch each point (row, column): what lets an adjoint be gathered point by point, in parallel and always in
// the same order.
#pragma once

#include <span>
#include <vector>

#include "gossan/matrix.hpp"
#include "linalg/kernels/pairs.hpp"

namespace gossan {

class Incidence {
 public:
  // Measurement e touches point[e], with other[e] at its other end. Touches of a point are listed by measurement.
  Incidence(Index points, std::span<const Index> point, std::span<const Index> other);
  // Measurement e joins i[e] and j[e] and touches both.
  static Incidence of_pairs(Index points, std::span<const Index> i, std::span<const Index> j);

  std::span<const Touch> at(Index point) const {
    const auto p = static_cast<std::size_t>(point);
    return std::span(touches_).subspan(start_[p], start_[p + 1] - start_[p]);
  }

 private:
  Incidence() = default;
  std::vector<std::size_t> start_;  // points + 1
  std::vector<Touch> touches_;
};

// Throws std::invalid_argument, in the name of `who`, unless i and j are of one length above 0 with all i in [0, rows) and
// all j in [0, cols), and the shape is one that memory may hold.
void check_indices(const char* who, Index rows, Index cols, std::span<const Index> i, std::span<const Index> j);

}  // namespace gossan
