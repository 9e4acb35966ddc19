// The update that scaled and preconditioned methods share; they differ in the damping, in the loss and in what they start from.
//   L - eta_k G_L (R^T R + lambda_k I)^{-1},  R - eta_k G_R (L^T L + lambda_k I)^{-1}, both from the old pair;
//   one block U: U - eta_k G (U^T U + lambda_k I)^{-1}.
// Costs one gradient, and a Cholesky factorisation of an r x r matrix for each block.
#pragma once

#include <functional>
#include <memory>

#include "gossan/function_ref.hpp"
#include "gossan/methods.hpp"

namespace gossan {

// lambda_k from f(theta_k) and, for who asks, the norm of the gradient in the undamped metric, ||G (F^T F)^{-1/2}||_F.
using Damping = std::function<double(double f, function_ref<double()> undamped_norm)>;

// Refuses layouts that are neither one block nor a pair of equal rank.
std::unique_ptr<Method> preconditioned(const char* who, Damping damping, Schedule schedule);

Damping constant_damping(double lambda);

}  // namespace gossan
