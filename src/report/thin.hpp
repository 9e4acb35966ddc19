// Fewer points that draw the same picture: a page must open at once, however long the series.
#pragma once

#include <cstddef>

#include "gossan/report.hpp"

namespace gossan {

// At most about `budget` points of a curve of the given kind:
//   lines      the lowest and the highest value of each run of neighbours, a gap where there is one, and both ends;
//   bars       the highest of each run;
//   histogram  the sum of each run of bins, which is again a histogram;
//   points     every k-th, the same ones for every curve of the same length.
// Curves that are short enough come back as they are.
Curve thin(const Curve& curve, Chart::Kind kind, std::size_t budget);

}  // namespace gossan
