// Uses an installed Gossan: 60 random points in space, all their distances, a third of them lies, and the points back.
#include <cmath>
#include <cstdio>

#include "gossan/gossan.hpp"

int main() {
  const gossan::Matrix truth = gossan::generate_points({.points = 60, .dimension = 3, .seed = 1});
  const auto data = gossan::generate_distances(truth, {.observed = 1.0, .lies = 0.33, .seed = 2});

  const gossan::Located found = gossan::locate(data.distances, {});

  const double expected = (truth.row(0) - truth.row(1)).norm();
  const double recovered = (found.points.row(0) - found.points.row(1)).norm();
  std::printf("dimension %td, %.0f%% lies, verdict %s\n", found.rank, 100 * found.outlier_fraction,
              gossan::to_string(found.evidence.verdict).c_str());
  return found.rank == 3 && std::abs(recovered - expected) < 1e-6 * expected ? 0 : 1;
}
