// Xu, Shen, Chi & Ma 2023 (ICML), ScaledGD(lambda): a fixed damping, from a small random start. Columns smaller than sqrt(lambda)
// grow as in gradient descent with the step eta / lambda, larger ones converge as in ScaledGD; the rank need not be known.
#include "methods/preconditioned.hpp"

namespace gossan {

std::unique_ptr<Method> scaled_gd_lambda(DampingOptions options, Schedule schedule) {
  check(options.fields(), "scaled-gd-lambda");
  return preconditioned("scaled-gd-lambda", constant_damping(options.damping), std::move(schedule));
}

}  // namespace gossan
