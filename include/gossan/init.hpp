// Initialisations: the theta that a run starts from.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "gossan/models.hpp"
#include "gossan/operators.hpp"
#include "gossan/params.hpp"
#include "gossan/table.hpp"

namespace gossan {

// What an initialisation may look at.
struct InitContext {
  const Operator* A = nullptr;
  std::span<const double> y;
  Layout layout;  // one block U (symmetric) or two blocks L, R; small-random and scaled-identity take any
  std::uint64_t seed = 0;
  const std::vector<bool>* fitted = nullptr;  // measurements that may be looked at; null: all
};

struct SmallRandomOptions {
  double alpha = 1e-15;  // every entry N(0, alpha^2 / rows)
  Fields fields();
};
struct ScaledIdentityOptions {
  double alpha = 1e-2;  // every block alpha I
  Fields fields();
};
struct SpectralOptions {
  double alpha = 1.0;  // scale of the factors
  Fields fields();
};
struct RobustSpectralOptions {
  double alpha = 1e-15;  // scale of the factors: small, for C tells directions and no size
  Fields fields();
};
struct TruncatedSpectralOptions {
  double alpha = 1.0;
  double keep = std::numeric_limits<double>::quiet_NaN();  // share of measurements, of smallest |y|, that is kept; must be given
  Fields fields();
};

Params small_random(SmallRandomOptions options, InitContext context);
Params scaled_identity(ScaledIdentityOptions options, InitContext context);
Params spectral(SpectralOptions options, InitContext context);  // of (1/n) sum y_i A_i
Params robust_spectral(RobustSpectralOptions options,
                       InitContext context);  // of (1/n) sum Sign(y_i) A_i, Ma & Fattahi Algorithm 2
Params truncated_spectral(TruncatedSpectralOptions options, InitContext context);

const std::vector<Row<Params, InitContext>>& initialisations();

}  // namespace gossan
