// X itself, one block X (rows x cols): convex objectives of the matrix, and penalties on it. L = X, R = I.
#include <cassert>

#include "models/shape.hpp"

namespace gossan {
namespace {

class FullMatrix final : public Model {
 public:
  explicit FullMatrix(const ModelShape& shape) : rows_(shape.rows), identity_(Matrix::Identity(shape.cols, shape.cols)) {}

  Layout layout() const override { return {{"X", rows_, identity_.rows()}}; }

  Factors factors(const Params& theta) override {
    assert(begins_with(theta, layout()));
    return {theta[0].value, identity_};
  }

  // GL = S R = S.
  void pullback(const Params& /*theta*/, const Matrix& GL, const Matrix& /*GR*/, Params& grad) override {
    assert(begins_with(grad, layout()));
    grad[0].value = GL;
  }

 private:
  Index rows_;
  Matrix identity_;
};

}  // namespace

std::unique_ptr<Model> full_matrix(ModelShape shape) {
  check_shape(shape, "full-matrix");
  return std::make_unique<FullMatrix>(shape);
}

}  // namespace gossan
