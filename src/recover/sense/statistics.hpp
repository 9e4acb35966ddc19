// Robust figures of residuals, and the rank that singular values show.
#pragma once

#include <span>
#include <vector>

#include "gossan/matrix.hpp"

namespace gossan::sensing {

// Residuals this small against the data are rounding or the last digits of a run: no outliers are called among them, and no noise
// is told from structure in them.
inline constexpr double negligible = 1e-6;

// The narrow core of residuals among outliers.
struct Core {
  double scale = 0;  // standard deviation of the honest residuals: median |r| / 0.6745 over those within the cut
  double cut = 0;    // |r| beyond which a measurement is called an outlier: 5 scales, and never below `least_cut`
};
Core find_core(std::vector<double> sizes, double least_cut);

// Singular values of L R^T, or of L L^T where R is empty, descending, from the factors alone; infinite where
// the factors are too large to square.
Vector singular_values(const Matrix& L, const Matrix& R);

struct RankReading {
  Index rank = 0;
  double gap = 0;  // last singular value counted over the next one, or over the noise where that is larger
};
// Not the widest gap (shared/spectrum.hpp): a matrix found from too large a search rank has a tail of small values, in which
// ratios are as wide as that behind the rank. The last place where the values fall by a factor `clear_gap` or more, values below
// `noise` being all alike; the largest fall where none is that clear.
RankReading read_rank(const Vector& values, double noise, double clear_gap);

}  // namespace gossan::sensing
