// theta - eta_k grad f(theta): gradient descent on a smooth loss, one gradient a step. With the squared loss, a constant step and
// a small start it finds the singular values one after another, and the rank by itself (docs/methods/gradient-descent.md).
#include "gossan/methods.hpp"

namespace gossan {

std::unique_ptr<Method> gradient_descent(NoOptions /*options*/, Schedule schedule) {
  return subgradient({}, std::move(schedule));
}

}  // namespace gossan
