// X = U U^T, one block U (rows x rank): positive semidefinite matrices of rank at most `rank`.
#include <fmt/format.h>

#include <cassert>
#include <stdexcept>

#include "models/shape.hpp"

namespace gossan {
namespace {

class SymmetricFactor final : public Model, public LinearFactors {
 public:
  explicit SymmetricFactor(const ModelShape& shape) : rows_(shape.rows), rank_(shape.rank) {}

  Layout layout() const override { return {{"U", rows_, rank_}}; }

  Factors factors(const Params& theta) override {
    assert(begins_with(theta, layout()));
    return {theta[0].value, theta[0].value};
  }

  // U enters on both sides: the gradient is the sum, S U + S^T U.
  void pullback(const Params& /*theta*/, const Matrix& GL, const Matrix& GR, Params& grad) override {
    assert(begins_with(grad, layout()));
    grad[0].value = GL + GR;
  }

 private:
  Index rows_, rank_;
};

}  // namespace

std::unique_ptr<Model> symmetric_factor(ModelShape shape) {
  check_shape(shape, "symmetric-factor");
  if (shape.rows != shape.cols)
    throw std::invalid_argument(fmt::format(
        "symmetric-factor: the matrix is {} x {}, expected a square one; factor-pair takes any", shape.rows, shape.cols));
  return std::make_unique<SymmetricFactor>(shape);
}

}  // namespace gossan
