// Parallel loops whose bodies read a table.
#pragma once

#include <exception>
#include <vector>

#include "gossan/linalg.hpp"

namespace gossan::rank_paths {

// parallel_blocks for bodies that may throw, as reading may: of several exceptions that of the first block comes out.
template <class Body>
void reading_blocks(Index n, Index size, Body body) {
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(block_count(n, size)));
  parallel_blocks(n, size, [&](Index block, Index first, Index last) {
    try {
      body(block, first, last);
    } catch (...) {
      failures[static_cast<std::size_t>(block)] = std::current_exception();
    }
  });
  for (const std::exception_ptr& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace gossan::rank_paths
