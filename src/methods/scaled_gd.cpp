// Tong, Ma & Chi 2021 (JMLR 22(150)), ScaledGD: gradients of the squared loss divided by the Gram matrices, so that the rate does
// not depend on the condition number. At the true rank alone: Gram matrices of more columns are singular.
#include "methods/preconditioned.hpp"

namespace gossan {

std::unique_ptr<Method> scaled_gd(NoOptions /*options*/, Schedule schedule) {
  return preconditioned("scaled-gd", constant_damping(0), std::move(schedule));
}

}  // namespace gossan
