// The start: more dimensions than needed and the l1 loss on squared distances,
//   f(U) = (1/m) sum_e | |u_i - u_j|^2 - d_e^2 |,  U points x search rank, from a small random start,
// by the sub-gradient method with step .5 * .99^t, each point's step divided by its number of pairs. It finds the map in the
// large (to a few per cent) among up to half lies, without being told the dimension.
#pragma once

#include "recover/locate/driver.hpp"
#include "recover/locate/graph.hpp"

namespace gossan::locating {

struct StartOptions {
  Index search_rank = 10;
  Index steps = 500;
  Index most_pairs_per_point = 60;  // more are not needed in the large
  std::uint64_t seed = 0;
};

struct Started {
  Matrix U;                // points x search rank, centred, in the unit of the distances
  Vector singular_values;  // of U, descending
};
Started start(const Graph& graph, StartOptions options, Driver& driver, Index& passes);

// The map's best approximation in r dimensions: points x r.
Matrix project(const Matrix& U, Index r);

}  // namespace gossan::locating
