// Giampouras, Cai & Vidal 2025 (ICML), OPSA: ScaledSM with a fixed damping, by which the search rank may exceed the true one. As
// in the authors' program, the damping is not added to the gradients.
#include "methods/preconditioned.hpp"

namespace gossan {

std::unique_ptr<Method> opsa(DampingOptions options, Schedule schedule) {
  check(options.fields(), "opsa");
  return preconditioned("opsa", constant_damping(options.damping), std::move(schedule));
}

}  // namespace gossan
