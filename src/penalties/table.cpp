#include "gossan/penalties.hpp"

namespace gossan {

Fields PenaltyOptions::fields() {
  return {{.name = "weight", .value = &weight, .help = "what a unit of the penalty costs", .least = 0, .above = true}};
}

const std::vector<Row<std::unique_ptr<Penalty>>>& penalties() {
  static const std::vector<Row<std::unique_ptr<Penalty>>> table = {
      row("l1", "sum of |X_ij|: sparse matrices", l1_penalty),
      row("nuclear", "sum of the singular values: matrices of low rank", nuclear_penalty),
      row("group", "sum of the lengths of rows: few rows that are not 0", group_penalty),
  };
  return table;
}

}  // namespace gossan
