// What the laws of the methods run on.
#pragma once

#include "gossan/generate.hpp"

namespace gossan {

inline GenerateSenseOptions small_instance(Index cols) {
  GenerateSenseOptions options;
  options.rows = 7;
  options.cols = cols;
  options.rank = 2;
  options.condition = 3;
  options.measurements = 200;
  options.seed = 5;
  return options;
}

}  // namespace gossan
