#include "recover/rpca/trimmed_ls.hpp"

#include <algorithm>

#include "gossan/linalg.hpp"
#include "recover/rpca/orthogonal.hpp"
#include "recover/rpca/sample_scale.hpp"

namespace gossan::robust_pca {

double held_out_median(const ObservedTable& table, const TableFactors& X) {
  return median(sizes_at(X, table.held_out.empty() ? table.sample : table.held_out));
}

TableFactors trimmed_rounds(const ObservedTable& table, const TableFactors& start) {
  constexpr Index rounds = 12, again = 3;
  constexpr double cut = 3, floor = 1e-3;
  TableFactors X = balanced(singular(start), start.rank());
  HalfStep step{LaneWeight::trimmed, 0, 0};
  for (Index round = 0; round < rounds; ++round) {
    if (round % again == 0) step.bound = std::max(cut * resting_sample_scale(table, X), floor * table.scale);
    X.L = half_step(table.by_row, X.R, X.L, step);
    X.R = half_step(table.by_col, X.L, X.R, step);
  }
  return X;
}

TableFactors sharpen(const ObservedTable& table, TableFactors X, Course& course) {
  constexpr int times = 3;
  constexpr double vanished = 1e-7;
  double held_out = held_out_median(table, X);
  for (int time = 0; time < times && held_out >= vanished * table.scale && !course.poll(); ++time) {
    TableFactors next = trimmed_rounds(table, X);
    course.sweeps += 24;
    const double now = held_out_median(table, next);
    if (!(now < held_out)) break;
    X = std::move(next);
    const bool slow = now > 0.5 * held_out;
    held_out = now;
    if (slow) break;
  }
  return X;
}

}  // namespace gossan::robust_pca
