#include "gossan/schedules.hpp"

namespace gossan {

const std::vector<Row<Schedule, Objective*>>& schedules() {
  static const std::vector<Row<Schedule, Objective*>> table{
      row("constant", "the same step length for ever: step", constant),
      row("geometric", "step * ratio^k", geometric),
      row("normalised-geometric", "step * ratio^k / ||Q_k||, for any noise: the recommended rule (Ma & Fattahi 2023, eq. 10)",
          normalised_geometric),
      row("loss-proportional", "(step / 2) * f(theta_k), for clean data only", loss_proportional),
      row("diminishing", "step / (k + 1)^power", diminishing),
      row("polyak", "scale * (f - f_min) / ||g||^2, where the least value f_min is known", polyak),
  };
  return table;
}

}  // namespace gossan
