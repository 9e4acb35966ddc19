// Giampouras, Cai & Vidal 2025 (ICML), OPSA: ScaledSM with a fixed damping, by which the search rank may exceed the true one. As
// in the authors' program, the damping is not added to the gradients.
#include "methods/preconditioned.hpp"

namespace gossan {

Fields OpsaOptions::fields() {
  return {damping_field(damping, "lambda, added to the Gram matrices: of the size of the smallest singular value of X")};
}

std::unique_ptr<Method> opsa(OpsaOptions options, Schedule schedule) {
  check(options.fields(), "opsa");
  return preconditioned(
      "opsa", [lambda = options.damping](double, function_ref<double()>) { return lambda; }, std::move(schedule));
}

}  // namespace gossan
