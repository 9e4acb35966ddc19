#include <cmath>

#include "gossan/objectives.hpp"
#include "gossan/trajectory.hpp"

namespace gossan {
namespace {

// The squared loss of the held-out measurements, were they exact.
struct HeldOut {
  HeldOut(const Operator& A, Model& model, const Matrix& truth, const std::vector<bool>& fitted)
      : exact(static_cast<std::size_t>(A.measurements())), loss(squared()) {
    predict(A, truth, Matrix::Identity(truth.cols(), truth.cols()), exact);
    std::vector<bool> others = fitted;
    others.flip();
    objective = data_fit(A, model, *loss, exact, others);
  }
  std::vector<double> exact;
  std::unique_ptr<Loss> loss;
  std::unique_ptr<Objective> objective;
};

}  // namespace

Gauge generalisation(const Operator& A, Model& model, const Matrix& truth, const std::vector<bool>& fitted) {
  const auto held = std::make_shared<HeldOut>(A, model, truth, fitted);
  const auto read = [held](const Iterate& at, const Factors& /*X*/, std::span<double> values) {
    values[0] = std::sqrt(2 * held->objective->evaluate(*at.theta, nullptr, at.k));
  };
  return {"Generalisation error", {"generalisation_error"}, read};
}

}  // namespace gossan
