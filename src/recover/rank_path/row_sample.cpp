#include "recover/rank_path/row_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "gossan/random.hpp"
#include "recover/rank_path/reading_blocks.hpp"
#include "recover/shared/holdout.hpp"

namespace gossan::rank_paths {

Index sampled_rows(Index m, Index n) {
  constexpr Index few = 2000, many = 4000, per_column = 20;
  return std::min(m, std::clamp(per_column * n, few, many));
}

RowSample sample_rows(const TableRows& Y, double holdout, std::uint64_t seed) {
  constexpr double missing = std::numeric_limits<double>::quiet_NaN();
  constexpr Index block = 64;
  const Index n = Y.cols, wanted = sampled_rows(Y.rows, n);
  const std::vector<Index> order = permutation(Y.rows, Random(seed, 501));
  RowSample sample;
  sample.Y.resize(wanted, n);
  // A round reads as many rows as are still wanted; those without a number other than 0 tell nothing, and others come in their
  // place.
  Index kept = 0;
  for (Index from = 0; kept < wanted && from < Y.rows;) {
    const Index reading = std::min(wanted - kept, Y.rows - from);
    reading_blocks(reading, block, [&](Index, Index first, Index last) {
      for (Index i = first; i < last; ++i)
        Y.read(order[static_cast<std::size_t>(from + i)], std::span(sample.Y.row(kept + i).data(), static_cast<std::size_t>(n)));
    });
    Index told = kept;
    for (Index i = kept; i < kept + reading; ++i) {
      const bool tells = (sample.Y.row(i).array().abs() > 0).any();  // NaN does not
      if (!tells) continue;
      if (told != i) sample.Y.row(told) = sample.Y.row(i);
      ++told;
    }
    kept = told;
    from += reading;
  }
  sample.Y.conservativeResize(std::max<Index>(kept, 1), n);
  if (kept == 0) sample.Y.setZero();
  const HoldOut held(holdout, seed, 502);
  for (Index e = 0; e < sample.Y.size(); ++e) {
    double& y = sample.Y.data()[e];
    if (std::isnan(y)) continue;
    ++sample.observed;
    if (!held(e)) continue;
    sample.held_out.push_back({e / n, e % n, y});
    y = missing;
  }
  return sample;
}

}  // namespace gossan::rank_paths
