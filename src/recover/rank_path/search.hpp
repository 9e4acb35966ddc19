// The rank of a table, read on a sample of its rows.
#pragma once

#include <string>
#include <vector>

#include "recover/rank_path/huber_sweeps.hpp"
#include "recover/rank_path/row_sample.hpp"
#include "recover/rpca/course.hpp"

namespace gossan::rank_paths {

// Until the scale falls by less than 2 % a sweep, after `least` of them, or `most` are done.
void sweep(HuberSweeps& sweeps, const std::string& phase, Index least, Index most, robust_pca::Course& course);

// A fit of the sample.
struct RankFit {
  Matrix L, R;
  double training = 0, held_out = 0;  // scales: median |Y - L R^T| / .6745
  Index rank() const { return R.cols(); }
};

struct RankSearch {
  RankFit chosen;
  std::vector<RankFit> tried;  // without their factors, in order
  double next = 0;             // held-out scale of the next rank over that of the chosen one; NaN: it was not tried
  bool read_off = false;       // a clear number of directions stood out of noise, and none is left
};

// Adds the strongest direction of the clipped residual, and sweeps, as long as that lowers the held-out scale by 5 %. Where it
// does not, but a clear number of directions stands out of the residuals together, they are tried together: one by one, many of
// equal strength would each seem to tell too little.
RankSearch search_rank(const RowSample& sample, Index most_rank, std::uint64_t seed, robust_pca::Course& course);

}  // namespace gossan::rank_paths
