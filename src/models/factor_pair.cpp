// X = L R^T, blocks L (rows x rank) and R (cols x rank): matrices of rank at most `rank`.
#include <cassert>

#include "models/shape.hpp"

namespace gossan {
namespace {

class FactorPair final : public Model, public LinearFactors {
 public:
  explicit FactorPair(const ModelShape& shape) : shape_(shape) {}

  Layout layout() const override { return {{"L", shape_.rows, shape_.rank}, {"R", shape_.cols, shape_.rank}}; }

  Factors factors(const Params& theta) override {
    assert(begins_with(theta, layout()));
    return {theta[0].value, theta[1].value};
  }

  void pullback(const Params& /*theta*/, const Matrix& GL, const Matrix& GR, Params& grad) override {
    assert(begins_with(grad, layout()));
    grad[0].value = GL;
    grad[1].value = GR;
  }

 private:
  ModelShape shape_;
};

}  // namespace

std::unique_ptr<Model> factor_pair(ModelShape shape) {
  check_shape(shape, "factor-pair");
  return std::make_unique<FactorPair>(shape);
}

}  // namespace gossan
