#include "gossan/methods.hpp"

namespace gossan {

const std::vector<Row<std::unique_ptr<Method>, Schedule>>& methods() {
  static const std::vector<Row<std::unique_ptr<Method>, Schedule>> table{
      row("subgradient", "theta - eta_k g", subgradient),
      row("momentum", "v = beta v + g; theta - eta_k v (heavy ball)", momentum),
      row("scaled-subgradient",
          "gradients divided by the Gram matrices of the factors: indifferent to conditioning (Tong et al. 2021)",
          scaled_subgradient),
  };
  return table;
}

}  // namespace gossan
