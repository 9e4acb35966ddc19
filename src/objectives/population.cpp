// The population loss of Ma & Fattahi 2023: the expectation of |<A, X - X*>| over a standard Gaussian A is sqrt(2 / pi) ||X -
// X*||_F.
#include <numbers>
#include <stdexcept>

#include "gossan/linalg.hpp"
#include "gossan/objectives.hpp"
#include "objectives/checks.hpp"

namespace gossan {
namespace {

class Population final : public Objective, public AdjointNorm {
 public:
  Population(Matrix truth, Model& model) : truth_(std::move(truth)), model_(model) {
    Q_ = Matrix::Zero(truth_.rows(), truth_.cols());
  }

  Layout layout() const override { return model_.layout(); }

  double evaluate(const Params& theta, Params* grad, Index /*k*/) override {
    constexpr double phi = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
    const Factors at = model_.factors(theta);
    error_.noalias() = at.L * at.R.transpose();
    error_ -= truth_;
    const double distance = error_.norm();
    if (grad == nullptr) return phi * distance;
    Q_ = distance == 0 ? error_ : Matrix(phi / distance * error_);  // 0 at the truth, the kink
    GL_.noalias() = Q_ * at.R;
    GR_.noalias() = Q_.transpose() * at.L;
    model_.pullback(theta, GL_, GR_, *grad);
    return phi * distance;
  }

  double adjoint_norm() override { return spectral_norm(Q_); }

 private:
  Matrix truth_;
  Model& model_;
  Matrix error_, Q_, GL_, GR_;
};

}  // namespace

std::unique_ptr<Objective> population(Matrix truth, Model& model) {
  check_model_shape(model, truth.rows(), truth.cols(), "population");
  if (!truth.allFinite()) throw std::invalid_argument("population: the truth has a number that is not finite");
  return std::make_unique<Population>(std::move(truth), model);
}

}  // namespace gossan
