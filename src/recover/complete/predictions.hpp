// Predictions of the bilinear part at the entries that were fitted, and what they would be without the entry itself.
#pragma once

#include <vector>

#include "recover/complete/variational.hpp"

namespace gossan::completing {

struct Predictions {
  std::vector<double> mean, variance;  // N, row order
};
Predictions predictions(const Entries& entries, const Bilinear& fit);

// Rows as the caller gets them, and back.
RowFactors to_factors(const Posterior& posterior);
Posterior to_posterior(const RowFactors& rows);
// One row: an average one. Its covariance is that of a row drawn from the posterior of a random one.
RowFactors average_row(const Posterior& posterior);

}  // namespace gossan::completing
