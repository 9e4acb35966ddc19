// (eta / 2) ||X(theta_k) - X*||_F: the rule that loss-proportional steps stand in for (Ma & Fattahi 2023). With the
// population loss it is gradient descent on (1/4) ||X - X*||_F^2 with the constant step sqrt(2 / pi) eta. For analysis alone.
#include <fmt/format.h>

#include <stdexcept>

#include "gossan/schedules.hpp"
#include "schedules/step_field.hpp"

namespace gossan {

Fields OracleOptions::fields() { return {step_field(step, "step length is half of this times the distance to the truth")}; }

Schedule oracle(OracleOptions options, ScheduleContext context) {
  check(options.fields(), "oracle");
  if (context.model == nullptr || context.truth == nullptr) refuse_without(Need::truth, "oracle");
  Model& model = *context.model;
  const Matrix& truth = *context.truth;
  const Params theta = zeros(model.layout());
  const Factors at = model.factors(theta);
  if (truth.rows() != at.L.rows() || truth.cols() != at.R.rows()) {
    throw std::invalid_argument(fmt::format("oracle: the truth is {} x {}, the model makes {} x {} matrices", truth.rows(),
                                            truth.cols(), at.L.rows(), at.R.rows()));
  }
  return [options, &model, &truth, X = Matrix()](const StepView& view) mutable {
    const Factors at = model.factors(*view.theta);
    X.noalias() = at.L * at.R.transpose();
    return options.step / 2 * (X - truth).norm();
  };
}

}  // namespace gossan
