// Tong, Ma & Chi 2021 (IEEE TSP 69), ScaledSM: sub-gradients of the absolute loss divided by the Gram matrices, so that the rate
// does not depend on the condition number. At the true rank alone: Gram matrices of more columns are singular.
#include "methods/preconditioned.hpp"

namespace gossan {

std::unique_ptr<Method> scaled_sm(NoOptions /*options*/, Schedule schedule) {
  return preconditioned("scaled-sm", constant_damping(0), std::move(schedule));
}

}  // namespace gossan
