#include <algorithm>

#include "gossan/generate.hpp"
#include "gossan/random.hpp"

namespace gossan {

Fields GeneratePointsOptions::fields() {
  return {
      {.name = "points", .value = &points, .help = "number of points", .least = 2, .most = 20000},
      {.name = "dimension", .value = &dimension, .help = "dimension of the space", .least = 1, .most = 1000},
      {.name = "shape", .value = &shape, .help = "shape of the set", .choices = {"gaussian", "clusters", "needle"}},
      {.name = "axis_ratio",
       .value = &axis_ratio,
       .help = "length of the first axis over that of the others (needle only)",
       .least = 0,
       .above = true},
      seed_field(&seed),
  };
}

Matrix generate_points(GeneratePointsOptions options) {
  check(options.fields(), "generate points");
  Matrix points = normal_matrix(options.points, options.dimension, Random(options.seed, 111));
  if (options.shape == "needle") points.rightCols(options.dimension - 1) /= options.axis_ratio;
  if (options.shape == "clusters") {
    const Index clusters = std::max<Index>(options.points / 25, 3);
    const Matrix centres = 4 * normal_matrix(clusters, options.dimension, Random(options.seed, 112));
    const Random member(options.seed, 113);
    for (Index i = 0; i < options.points; ++i) {
      points.row(i) = centres.row(member.below(i, clusters)) + 0.3 * points.row(i);
    }
  }
  return points;
}

}  // namespace gossan
