#include "gossan/schedules.hpp"

namespace gossan {

const std::vector<Row<Schedule, ScheduleContext>>& schedules() {
  static const std::vector<Row<Schedule, ScheduleContext>> table{
      row("constant", "the same step length for ever: step", constant),
      row("geometric", "step * ratio^k", geometric),
      row("normalised-geometric", "step * ratio^k / ||Q_k||, for any noise: the recommended rule (Ma & Fattahi 2023, eq. 10)",
          normalised_geometric),
      row("gradient-normalised-geometric",
          "step * ratio^k / ||g_k||, the norm in the method's metric (Charisopoulos et al. 2021)", gradient_normalised_geometric),
      row("loss-proportional", "(step / 2) * f(theta_k), for clean data only", loss_proportional),
      row("oracle", "(step / 2) * ||X(theta_k) - truth||_F, in simulations only (Ma & Fattahi 2023)", oracle, {Need::truth}),
      row("diminishing", "step / (k + 1)^power", diminishing),
      row("polyak", "scale * (f - f_min) / ||g||^2, where the least value f_min is known", polyak, {Need::optimal_value}),
  };
  return table;
}

}  // namespace gossan
