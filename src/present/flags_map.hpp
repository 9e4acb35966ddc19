// Where flagged entries of a table sit: a heat map of their shares.
#pragma once

#include <vector>

#include "gossan/report.hpp"

namespace gossan {

// Over at most 60 x 60 blocks of rows and columns, both at least 1.
class FlagsMap {
 public:
  FlagsMap(Index rows, Index cols);
  // An observed entry.
  void see(Index i, Index j, bool flagged);
  HeatMap map() const;

 private:
  Index rows_, cols_, down_, across_;  // of the table; blocks
  std::vector<Index> observed_, flagged_;
};

}  // namespace gossan
