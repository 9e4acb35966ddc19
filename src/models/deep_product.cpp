// X = W_N ... W_2 W_1, blocks W_N (rows x rank), W_j (rank x rank), W_1 (rank x cols): deep matrix factorisation (Arora, Cohen,
// Hu & Luo 2019), whose gradient descent learns singular values one after another, the further apart the deeper it is. With
// L = W_N and R = (W_{N-1} ... W_1)^T. A gradient costs 4 (N - 2) products of r x r and r x cols matrices.
#include <cassert>

#include "models/shape.hpp"

namespace gossan {
namespace {

class DeepProduct final : public Model {
 public:
  DeepProduct(Index depth, const ModelShape& shape) : depth_(static_cast<std::size_t>(depth)) {
    for (std::size_t b = 0; b < depth_; ++b) {
      const Index rows = b == 0 ? shape.rows : shape.rank, cols = b + 1 == depth_ ? shape.cols : shape.rank;
      layout_.push_back({"W_" + std::to_string(depth_ - b), rows, cols});
    }
    tails_.resize(depth_);
  }

  Layout layout() const override { return layout_; }

  Factors factors(const Params& theta) override {
    assert(begins_with(theta, layout_));
    multiply_tails(theta);
    R_ = tails_[1].transpose();
    return {theta[0].value, R_};
  }

  // From left to right, G = (W_{N-1} ... W_{j+1})^T G_R^T is the gradient of the product of W_j and what stands behind it, P:
  // then G P^T is that of W_j, and W_j^T G goes on to the next.
  void pullback(const Params& theta, const Matrix& GL, const Matrix& GR, Params& grad) override {
    assert(begins_with(theta, layout_) && begins_with(grad, layout_));
    multiply_tails(theta);
    grad[0].value = GL;
    G_ = GR.transpose();
    for (std::size_t b = 1; b + 1 < depth_; ++b) {
      grad[b].value.noalias() = G_ * tails_[b + 1].transpose();
      next_.noalias() = theta[b].value.transpose() * G_;
      G_.swap(next_);
    }
    grad[depth_ - 1].value = G_;
  }

 private:
  // tails_[b] = the product of the blocks from b to the last, for b >= 1.
  void multiply_tails(const Params& theta) {
    tails_[depth_ - 1] = theta[depth_ - 1].value;
    for (std::size_t b = depth_ - 1; b-- > 1;) tails_[b].noalias() = theta[b].value * tails_[b + 1];
  }

  std::size_t depth_;
  Layout layout_;
  std::vector<Matrix> tails_;
  Matrix R_, G_, next_;
};

}  // namespace

Fields DeepProductOptions::fields() {
  return {{.name = "depth", .value = &depth, .help = "number of factors; two are factor-pair", .least = 3, .most = 100}};
}

std::unique_ptr<Model> deep_product(DeepProductOptions options, ModelShape shape) {
  check(options.fields(), "deep-product");
  check_shape(shape, "deep-product");
  return std::make_unique<DeepProduct>(options.depth, shape);
}

}  // namespace gossan
