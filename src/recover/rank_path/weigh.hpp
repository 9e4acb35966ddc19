// The checks of a rank path, and the verdict drawn from them.
#pragma once

#include "gossan/evidence.hpp"
#include "gossan/rpca.hpp"
#include "recover/rank_path/search.hpp"

namespace gossan::rank_paths {

// `trusted` says: the low-rank part predicts entries that it has not seen as well as those that it has, one direction more would
// tell little, and it explains most entries of most rows and columns. It does not say that real data have this rank, nor what the
// flagged entries are: only exact data can certify that.
Evidence weigh(const Decomposed& answer, const RankSearch& search, const RowSample& sample);

}  // namespace gossan::rank_paths
