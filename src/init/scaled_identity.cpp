// Every block alpha times the identity, cut or filled up with zeros where it is oblong. The product of such factors commutes with
// any symmetric matrix: descent then moves its eigenvalues one by one, each by a recursion of its own.
#include "gossan/init.hpp"

namespace gossan {

Fields ScaledIdentityOptions::fields() {
  return {{.name = "alpha", .value = &alpha, .help = "blocks are alpha I", .least = 0, .above = true}};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the rows of a table pass their context by value
Params scaled_identity(ScaledIdentityOptions options, InitContext context) {
  check(options.fields(), "scaled-identity");
  Params theta = zeros(context.layout);
  for (Block& block : theta) block.value.diagonal().setConstant(options.alpha);
  return theta;
}

}  // namespace gossan
