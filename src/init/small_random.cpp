#include <cmath>

#include "gossan/init.hpp"
#include "gossan/random.hpp"

namespace gossan {

Fields SmallRandomOptions::fields() {
  return {{.name = "alpha", .value = &alpha, .help = "entries are N(0, alpha^2 / rows)", .least = 0, .above = true}};
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the rows of a table pass their context by value
Params small_random(SmallRandomOptions options, InitContext context) {
  check(options.fields(), "small-random");
  Params theta = zeros(context.layout);
  std::uint64_t stream = 201;
  for (Block& block : theta) {
    const double deviation = options.alpha / std::sqrt(static_cast<double>(block.value.rows()));
    block.value = deviation * normal_matrix(block.value.rows(), block.value.cols(), Random(context.seed, stream++));
  }
  return theta;
}

}  // namespace gossan
