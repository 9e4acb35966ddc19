// Zhang, Fattahi & Zhang (NeurIPS 2021; JMLR 24(163), 2023), PrecGD: a damping that follows the error down, so that the local
// rate depends neither on the condition number nor on how far the search rank exceeds the true one.
//   gradient (2023): lambda_k = ||G (F^T F)^{-1/2}||_F over all blocks, F the partner;   loss (2021): lambda_k = sqrt(f)
// The pair of factors is an extension of this library: one damping for both.
#include <cmath>

#include "methods/preconditioned.hpp"

namespace gossan {

Fields PrecGdOptions::fields() {
  return {{.name = "damping",
           .value = &damping,
           .help = "what the damping follows: the norm of the gradient in the undamped metric, or the root of the loss",
           .choices = {"gradient", "loss"}}};
}

std::unique_ptr<Method> prec_gd(PrecGdOptions options, Schedule schedule) {
  check(options.fields(), "prec-gd");
  const bool by_gradient = options.damping == "gradient";
  const auto damping = [by_gradient](double f, function_ref<double()> undamped_norm) {
    return by_gradient ? undamped_norm() : std::sqrt(f);
  };
  return preconditioned("prec-gd", damping, std::move(schedule));
}

}  // namespace gossan
