// Why a fit of noisy entries may be believed.
#pragma once

#include <vector>

#include "gossan/evidence.hpp"
#include "recover/rpca/noisy_fit.hpp"

namespace gossan::robust_pca {

struct NoisyEvidence {
  std::vector<Check> checks;
  bool passed = false;
  std::vector<Index> bad_rows, bad_cols;
};
// `fit`: of the table without its held-out entries.
NoisyEvidence weigh_noisy(const ObservedTable& table, const NoisyFit& fit);

}  // namespace gossan::robust_pca
