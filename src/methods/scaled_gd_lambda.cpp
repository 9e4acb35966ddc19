// Xu, Shen, Chi & Ma 2023 (ICML), ScaledGD(lambda): a fixed damping, from a small random start. Columns smaller than sqrt(lambda)
// grow as in gradient descent with the step eta / lambda, larger ones converge as in ScaledGD; the rank need not be known.
#include "methods/preconditioned.hpp"

namespace gossan {

Fields ScaledGdLambdaOptions::fields() {
  return {damping_field(damping, "lambda, added to the Gram matrices: of the size of the smallest singular value of X")};
}

std::unique_ptr<Method> scaled_gd_lambda(ScaledGdLambdaOptions options, Schedule schedule) {
  check(options.fields(), "scaled-gd-lambda");
  return preconditioned(
      "scaled-gd-lambda", [lambda = options.damping](double, function_ref<double()>) { return lambda; }, std::move(schedule));
}

}  // namespace gossan
