#include "gossan/losses.hpp"

namespace gossan {

const std::vector<Row<std::unique_ptr<Loss>>>& losses() {
  static const std::vector<Row<std::unique_ptr<Loss>>> table = {
      row(
          "absolute", "|r|: unmoved by gross errors however large", +[](NoOptions) { return absolute(); }),
      row(
          "squared", "r^2 / 2: best for Gaussian noise, spoiled by one gross error", +[](NoOptions) { return squared(); }),
      row("huber", "quadratic for small residuals, linear beyond delta", huber),
  };
  return table;
}

}  // namespace gossan
